/** One program for each question that a user asks first. */
@NullMarked
package dev.fairlead.samples;

import org.jspecify.annotations.NullMarked;
