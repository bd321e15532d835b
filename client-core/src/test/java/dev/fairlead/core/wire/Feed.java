package dev.fairlead.core.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Feeds decoders, and makes what they are fed with. */
final class Feed {
    private Feed() {}

    /** All that a decoder makes of these reads, its end not included. */
    static <T> List<T> decode(Decoder<T> decoder, List<ByteBuffer> reads) {
        List<T> values = new ArrayList<>();
        for (ByteBuffer read : reads) {
            decodeRead(decoder, read, values);
        }
        return values;
    }

    /** All that a decoder makes of these reads and of the end after them. */
    static <T> List<T> decodeToEnd(Decoder<T> decoder, List<ByteBuffer> reads) {
        List<T> values = decode(decoder, reads);
        for (T last = decoder.end(); last != null; last = decoder.end()) {
            values.add(last);
        }
        return values;
    }

    private static <T> void decodeRead(Decoder<T> decoder, ByteBuffer read, List<T> values) {
        for (T value = decoder.next(read); value != null; value = decoder.next(read)) {
            values.add(value);
        }
        if (read.hasRemaining()) {
            throw new AssertionError("null was returned with " + read.remaining() + " bytes left");
        }
        // A decoder that keeps the memory of a read shows it now.
        for (int i = 0; i < read.limit(); i++) {
            read.put(i, (byte) 0x5A);
        }
    }

    static List<ByteBuffer> whole(byte[] bytes) {
        return List.of(ByteBuffer.wrap(bytes.clone()));
    }

    /** The bytes in two reads, the first of this length. */
    static List<ByteBuffer> cutAt(byte[] bytes, int first) {
        return List.of(copy(bytes, 0, first, false), copy(bytes, first, bytes.length, false));
    }

    static List<ByteBuffer> byteByByte(byte[] bytes) {
        List<ByteBuffer> reads = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            reads.add(copy(bytes, i, i + 1, i % 2 == 0));
        }
        return reads;
    }

    /** Reads of random lengths up to a maximum, empty ones among them, on the heap and off it. */
    static List<ByteBuffer> cut(byte[] bytes, long seed, int longest) {
        Random random = new Random(seed);
        List<ByteBuffer> reads = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + random.nextInt(longest + 1));
            reads.add(copy(bytes, at, end, random.nextBoolean()));
            at = end;
        }
        return reads;
    }

    private static ByteBuffer copy(byte[] bytes, int from, int to, boolean direct) {
        // Room before it, so that an array's offset matters.
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(to - from + 3) : ByteBuffer.allocate(to - from + 3);
        buffer.position(3);
        ByteBuffer slice = buffer.slice();
        slice.put(bytes, from, to - from);
        return slice.flip();
    }

    static byte[] frame(int type, byte[] payload) {
        return concat(header(type, payload.length), payload);
    }

    static byte[] header(int type, long length) {
        return ByteBuffer.allocate(8).putInt(type << 24).putInt((int) length).array();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
