/** What can go wrong, one type for each thing that a caller would do about it. */
@NullMarked
package dev.fairlead.core.error;

import org.jspecify.annotations.NullMarked;
