/** Classes that break the rules, in a tree of packages as the house's; nothing uses them. */
@NullMarked
package dev.fairlead.architecture.offending;

import org.jspecify.annotations.NullMarked;
