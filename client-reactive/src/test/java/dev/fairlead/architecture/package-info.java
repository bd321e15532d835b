/** The rules of the house that javac can't check, each proved to bite by a class that breaks it. */
@NullMarked
package dev.fairlead.architecture;

import org.jspecify.annotations.NullMarked;
