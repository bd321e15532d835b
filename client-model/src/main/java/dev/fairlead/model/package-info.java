/**
 * Values: what the Docker Engine says and takes. Most classes are generated from the schema in {@code src/main/schema}.
 *
 * <p>They are immutable, have accessors named after Docker's fields, and are made by builders, whose first arguments
 * are what the Engine cannot do without. Any JSON mapper of Jackson 2 or 3 reads and writes them; a {@link
 * dev.fairlead.model.TokenReader} reads them from any parser, and without reflection.
 *
 * <p>A field that the Engine left out is absent: its accessor gives false, 0, an empty text or collection, or null
 * where the signature says so. Absent differs from empty all the same, in {@code equals} and when written: a list set to
 * empty is sent, a list never set is not. What an Engine says beyond a class's fields is kept and written back, and so
 * is a value of an enum that has no constant yet.
 *
 * <p>{@code toString} leaves out what is absent and masks passwords, tokens and keys.
 */
@NullMarked
package dev.fairlead.model;

import org.jspecify.annotations.NullMarked;
