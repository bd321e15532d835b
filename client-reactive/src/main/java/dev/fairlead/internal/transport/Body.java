package dev.fairlead.internal.transport;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;

/** What a request carries after its head. */
public sealed interface Body {

    /** Nothing at all: no content type, and a length of 0 where the method would otherwise be taken to have a body. */
    Body NONE = new None();

    /** No body. */
    record None() implements Body {}

    /**
     * A body that is in memory.
     *
     * @param contentType its media type
     * @param bytes its content, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once, and never compared.
    record Bytes(String contentType, byte[] bytes) implements Body {}

    /**
     * A body that is read from its source while it is sent, as fast as the socket takes it.
     *
     * @param contentType its media type
     * @param source its content; each buffer is read before the next one is asked for
     */
    record Streamed(String contentType, Publisher<ByteBuffer> source) implements Body {}
}
