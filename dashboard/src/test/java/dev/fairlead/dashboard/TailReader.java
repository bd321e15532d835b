package dev.fairlead.dashboard;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reader of the last lines of a container's log, on a plain socket: it takes nothing that it is not told to read. */
final class TailReader implements AutoCloseable {

    private static final Pattern AT = Pattern.compile("\"at\":\"([^\"]+)\"");

    private final Socket socket = new Socket();
    private final BufferedReader input;

    /** A line: its event's number, and how long after the Engine it was read. */
    record Line(long number, Duration delay) {}

    /** Connects, and reads up to a first line. */
    TailReader(int port, String container, String first) throws IOException {
        // So that one who reads nothing soon holds nothing up but itself.
        socket.setReceiveBufferSize(8_192);
        socket.setSoTimeout((int) PageSocket.LIMIT.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        // HTTP/1.0, which has no chunks.
        socket.getOutputStream()
                .write(("GET /api/containers/" + container + "/tail HTTP/1.0\r\nHost: 127.0.0.1:" + port
                                + "\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        input = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1_024);
        while (!read().contains(first)) {
            // What comes before it.
        }
    }

    /** What follows, to the end of the log. */
    List<Line> rest() throws IOException {
        List<Line> lines = new ArrayList<>();
        long number = -1;
        for (String text = read(); !text.equals("event:end"); text = read()) {
            if (text.startsWith("id:")) {
                number = Long.parseLong(text.substring(3));
            }
            Matcher at = AT.matcher(text);
            if (text.startsWith("data:") && at.find()) {
                lines.add(new Line(number, Duration.between(Instant.parse(at.group(1)), Instant.now())));
            }
        }
        return lines;
    }

    private String read() throws IOException {
        String text = input.readLine();
        if (text == null) {
            throw new EOFException("the stream ended, and not by an event");
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
