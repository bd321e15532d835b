package dev.fairlead.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of an answer, ready to be sent.
 *
 * @param start the head and what comes once
 * @param block what is repeated after it
 * @param times how often
 * @param end what ends the answer; empty for one that goes on
 */
record PreparedAnswer(ByteBuffer start, ByteBuffer block, int times, ByteBuffer end) {

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int BLOCK = 256 * 1024;
    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Api-Version: 1.51\r
            Server: Docker/28.5.2 (linux)\r
            Ostype: linux\r
            Date: Tue, 24 Nov 2026 12:00:00 GMT\r
            """;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String LAST_CHUNK = "0\r\n\r\n";

    static PreparedAnswer ping(boolean withBody) {
        return once(
                text(HEAD + "Builder-Version: 2\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n"
                        + (withBody ? "OK" : "")));
    }

    static PreparedAnswer notFound() {
        String body = "{\"message\":\"page not found\"}\n";
        return once(text("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body));
    }

    /** In one chunk, as Go sends what is longer than 2 KiB. */
    static PreparedAnswer json(byte[] body) {
        return once(join(text(HEAD + "Content-Type: application/json\r\n" + CHUNKED), chunk(body), text(LAST_CHUNK)));
    }

    /** About so many bytes of frames, each in a chunk of its own, as the Engine sends them. */
    static PreparedAnswer frames(int size, long bytes) {
        byte[] frame = chunk(Samples.frame(size));
        int inBlock = Math.max(1, BLOCK / frame.length);
        ByteBuffer block = Samples.repeated(frame, inBlock * frame.length);
        return new PreparedAnswer(
                direct(framesHead()),
                block,
                Math.toIntExact(Math.max(1, bytes / ((long) inBlock * size))),
                direct(text(LAST_CHUNK)));
    }

    /** One frame, and then nothing for as long as the other side stays. */
    static PreparedAnswer followed() {
        return new PreparedAnswer(direct(join(framesHead(), chunk(Samples.frame(64)))), NOTHING, 0, NOTHING);
    }

    private static byte[] framesHead() {
        return text(HEAD + "Content-Type: application/vnd.docker.multiplexed-stream\r\n" + CHUNKED);
    }

    private static PreparedAnswer once(byte[] bytes) {
        return new PreparedAnswer(direct(bytes), NOTHING, 0, NOTHING);
    }

    private static byte[] chunk(byte[] content) {
        return join(text(Integer.toHexString(content.length) + "\r\n"), content, text("\r\n"));
    }

    /** How long a frame is with all that is around its payload. */
    static int chunkLength(int size) {
        return chunk(Samples.frame(size)).length;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
