package dev.fairlead.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;

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

    /** A sample of what a container uses. */
    static byte[] stats() {
        return resource("stats.json");
    }

    /** A message of a pull. */
    static byte[] pullMessage() {
        return ("{\"status\":\"Downloading\",\"progressDetail\":{\"current\":36445,\"total\":1501831},\"progress\":"
                        + "\"[=\\u003e                                                 ]  36.45kB/1.502MB\","
                        + "\"id\":\"733aec3a0aff\"}\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What a file may hold, the same each time; not zeros, of which tars have a meaning of their own. */
    static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(1).nextBytes(content);
        return content;
    }

    /** The header of a file of that size in a tar. */
    static byte[] tarHeader(long size) {
        ByteBuffer header = ByteBuffer.allocate(512);
        put(header, 0, "content");
        put(header, 100, "0000644\0" + "0000000\0".repeat(2));
        put(header, 124, "%011o\0".formatted(size) + "15303223643\0");
        put(header, 148, " ".repeat(8) + "0");
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte octet : header.array()) {
            sum += octet;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header.array();
    }

    private static void put(ByteBuffer header, int at, String text) {
        header.put(at, text.getBytes(StandardCharsets.US_ASCII));
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
