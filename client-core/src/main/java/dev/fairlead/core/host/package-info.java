/** Where an Engine is: its address, and how to find it. */
@NullMarked
package dev.fairlead.core.host;

import org.jspecify.annotations.NullMarked;
