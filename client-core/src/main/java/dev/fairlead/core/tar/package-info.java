/** Tars, written and unpacked while they are under way. */
@NullMarked
package dev.fairlead.core.tar;

import org.jspecify.annotations.NullMarked;
