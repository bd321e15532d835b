/** What a build from a folder sends to the Engine. */
@NullMarked
package dev.fairlead.core.context;

import org.jspecify.annotations.NullMarked;
