package dev.fairlead.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;

/** Bytes as an Engine sends them; the JSON was recorded from Engine 28.5. */
final class Samples {

    private Samples() {}

    /** A running container with a volume, a port and a health check. */
    static byte[] inspect() {
        return resource("inspect.json");
    }

    /** A list of so many containers. */
    static byte[] list(int containers) {
        String one = new String(resource("summary.json"), StandardCharsets.UTF_8).strip();
        return ("[" + String.join(",", Collections.nCopies(containers, one)) + "]\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An event of the Engine. */
    static byte[] event() {
        return ("{\"status\":\"start\",\"id\":\"26e77ecef0120ecec287f0fb600542ca13c7fd9f8a6a887fd5891395ff91d333\","
                        + "\"from\":\"busybox:latest\",\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":"
                        + "\"26e77ecef0120ecec287f0fb600542ca13c7fd9f8a6a887fd5891395ff91d333\",\"Attributes\":{"
                        + "\"image\":\"busybox:latest\",\"name\":\"measured\"}},\"scope\":\"local\","
                        + "\"time\":1795522140,\"timeNano\":1795522140949617745}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** One frame of standard output: its header and a line of so many bytes. */
    static byte[] frame(int size) {
        byte[] frame = new byte[8 + size];
        Arrays.fill(frame, 8, frame.length, (byte) 'x');
        frame[frame.length - 1] = '\n';
        ByteBuffer.wrap(frame).put(0, (byte) 1).putInt(4, size);
        return frame;
    }

    /** The same bytes again and again, as many times as fit, in a buffer such as Netty hands over. */
    static ByteBuffer repeated(byte[] bytes, int capacity) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(capacity / bytes.length * bytes.length);
        while (buffer.hasRemaining()) {
            buffer.put(bytes);
        }
        return buffer.flip();
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Samples.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
