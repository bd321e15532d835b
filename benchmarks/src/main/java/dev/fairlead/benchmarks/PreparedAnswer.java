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
 * @param isEcho whether what the client sends from then on comes back to it
 */
record PreparedAnswer(ByteBuffer start, ByteBuffer block, int times, ByteBuffer end, boolean isEcho) {

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int BLOCK = 256 * 1024;
    // As Go copies a file to a response.
    private static final int COPIED = 32 * 1024;
    private static final String COMMON = """
            Api-Version: 1.51\r
            Server: Docker/28.5.2 (linux)\r
            Ostype: linux\r
            Date: Tue, 24 Nov 2026 12:00:00 GMT\r
            """;
    private static final String HEAD = "HTTP/1.1 200 OK\r\n" + COMMON;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String FRAMES = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String LAST_CHUNK = "0\r\n\r\n";

    static PreparedAnswer ping(boolean withBody) {
        return once(
                text(HEAD + "Builder-Version: 2\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n"
                        + (withBody ? "OK" : "")));
    }

    static PreparedAnswer notFound() {
        String body = "{\"message\":\"page not found\"}\n";
        return once(text("HTTP/1.1 404 Not Found\r\n" + JSON + "Content-Length: " + body.length() + "\r\n\r\n" + body));
    }

    static PreparedAnswer empty() {
        return once(text(HEAD + "Content-Length: 0\r\n\r\n"));
    }

    static PreparedAnswer text(long number) {
        String body = Long.toString(number);
        return once(text(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body));
    }

    /** In one chunk, as Go sends what is longer than 2 KiB. */
    static PreparedAnswer json(byte[] body) {
        return once(join(text(HEAD + JSON + CHUNKED), chunk(body), text(LAST_CHUNK)));
    }

    /** So many messages, each in a chunk of its own, as the Engine sends them. */
    static PreparedAnswer messages(byte[] message, int count) {
        return repeated(JSON, chunk(message), count, new byte[0]);
    }

    /** So many frames, each in a chunk of its own, as the Engine sends them. */
    static PreparedAnswer frames(int size, long count) {
        return repeated(FRAMES, chunk(Samples.frame(size)), count, new byte[0]);
    }

    /** Frames without end. */
    static PreparedAnswer endless(int size) {
        return frames(size, Integer.MAX_VALUE);
    }

    /** A tar with one file of so many bytes; whole multiples of 32 KiB. */
    static PreparedAnswer tar(long bytes) {
        PreparedAnswer content = repeated(
                "Content-Type: application/x-tar\r\n", chunk(Samples.content(COPIED)), bytes / COPIED, new byte[1024]);
        // The entry's header comes in a chunk of its own before the content.
        ByteBuffer start = ByteBuffer.allocateDirect(content.start.remaining() + 1024);
        start.put(content.start.duplicate())
                .put(chunk(Samples.tarHeader(bytes)))
                .flip();
        return new PreparedAnswer(start, content.block, content.times, content.end, false);
    }

    private static PreparedAnswer repeated(String type, byte[] chunk, long count, byte[] last) {
        int inBlock = Math.max(1, BLOCK / chunk.length);
        ByteBuffer rest = Samples.repeated(chunk, Math.toIntExact(count % inBlock) * chunk.length);
        byte[] tail = join(last.length == 0 ? last : chunk(last), text(LAST_CHUNK));
        return new PreparedAnswer(
                direct(text(HEAD + type + CHUNKED)),
                Samples.repeated(chunk, inBlock * chunk.length),
                Math.toIntExact(count / inBlock),
                ByteBuffer.allocateDirect(rest.remaining() + tail.length)
                        .put(rest)
                        .put(tail)
                        .flip(),
                false);
    }

    /** One frame, and then nothing for as long as the other side stays. */
    static PreparedAnswer followed() {
        return once(join(text(HEAD + FRAMES + CHUNKED), chunk(Samples.frame(64))));
    }

    /** A connection that is the attached program's from then on. */
    static PreparedAnswer attached() {
        String head = "HTTP/1.1 101 UPGRADED\r\n" + COMMON + FRAMES + "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
        return new PreparedAnswer(direct(text(head)), NOTHING, 0, NOTHING, true);
    }

    private static PreparedAnswer once(byte[] bytes) {
        return new PreparedAnswer(direct(bytes), NOTHING, 0, NOTHING, false);
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
