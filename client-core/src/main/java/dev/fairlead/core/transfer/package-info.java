/** What becomes of the messages that an Engine sends while it moves an image: how far it is, and what came of it. */
@NullMarked
package dev.fairlead.core.transfer;

import org.jspecify.annotations.NullMarked;
