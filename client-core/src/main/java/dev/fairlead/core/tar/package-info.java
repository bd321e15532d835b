/** Tars as they are read: entries one after the other, in pieces of a bounded size. */
@NullMarked
package dev.fairlead.core.tar;

import org.jspecify.annotations.NullMarked;
