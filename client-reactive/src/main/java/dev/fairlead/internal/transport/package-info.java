/**
 * Sockets: connections to an Engine, HTTP/1.1 on them, and the demand of subscribers carried to their reads and writes.
 *
 * <p>Knows no endpoint and no type of the model. Netty's buffers never leave this package.
 */
@NullMarked
package dev.fairlead.internal.transport;

import org.jspecify.annotations.NullMarked;
