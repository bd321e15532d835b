/** What tests of the samples stand on. */
@NullMarked
package dev.fairlead.tools;

import org.jspecify.annotations.NullMarked;
