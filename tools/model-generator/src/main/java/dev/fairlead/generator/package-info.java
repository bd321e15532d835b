/** Turns the schema of client-model into value classes. Build only, never published. */
@NullMarked
package dev.fairlead.generator;

import org.jspecify.annotations.NullMarked;
