/** Which files a build leaves out: what a {@code .dockerignore} says. */
@NullMarked
package dev.fairlead.core.ignore;

import org.jspecify.annotations.NullMarked;
