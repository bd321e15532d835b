/** The dashboard as browsers and other pages use it. */
@NullMarked
package dev.fairlead.dashboard;

import org.jspecify.annotations.NullMarked;
