package dev.fairlead.internal.transport;

import dev.fairlead.core.wire.Decoder;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of an answer that is an array: they take less memory than its text, of which no more is held than what was read last. */
final class Elements {

    private final Decoder<?> decoder;
    private final List<Object> values = new ArrayList<>();
    private long size;

    private Elements(Decoder<?> decoder) {
        this.decoder = decoder;
    }

    /** Of an answer that begins so; null if it is to be read as a whole. */
    static @Nullable Elements of(EngineRequest request, ByteBuf beginning) {
        var decoder = request.elements();
        return decoder != null && beginning.isReadable() && beginning.getByte(beginning.readerIndex()) == '['
                ? new Elements(decoder.get())
                : null;
    }

    /** Fails if it is not what was expected. */
    void take(ByteBuf bytes) {
        size += bytes.readableBytes();
        ByteBuffer view = bytes.nioBuffer();
        for (Object value = decoder.next(view); value != null; value = decoder.next(view)) {
            values.add(value);
        }
    }

    long size() {
        return size;
    }

    /** All of them. Fails if there should have been more. */
    List<Object> end() {
        Object last = decoder.end();
        if (last != null) {
            values.add(last);
        }
        return values;
    }
}
