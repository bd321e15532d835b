/** That the samples are what the README shows. */
@NullMarked
package dev.fairlead.samples;

import org.jspecify.annotations.NullMarked;
