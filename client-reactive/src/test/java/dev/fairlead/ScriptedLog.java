package dev.fairlead;

import dev.fairlead.testing.Exchange;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Gate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A container's log on a {@link FakeEngine}, as an Engine sends it, whose connections can be cut after so many bytes. */
final class ScriptedLog {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What the Engine took at once. */
    record Taken(boolean stderr, Instant time, String text) {}

    /** How it is sent. */
    enum Form {
        FRAMES("1.51", false, true),
        TERMINAL("1.51", true, true),
        FRAMES_UNTIL_CLOSED("1.51", false, false),
        TERMINAL_UNTIL_CLOSED("1.51", true, false),
        OLD_FRAMES("1.41", false, true),
        RECORDS("1.54", false, true);

        final String apiVersion;
        final boolean tty;
        final boolean chunked;

        Form(String apiVersion, boolean tty, boolean chunked) {
            this.apiVersion = apiVersion;
            this.tty = tty;
            this.chunked = chunked;
        }
    }

    final Form form;
    final List<Taken> entries;
    /** After how many bytes each connection is cut, in their order; those beyond are not. */
    final List<Integer> cuts = Collections.synchronizedList(new ArrayList<>());
    /** The query of each request for the log. */
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    final AtomicInteger connections = new AtomicInteger();
    /** The container runs until so many connections were made. */
    volatile int runsFor;

    /** From this connection on, the first being 0, nothing comes after so many bytes until the gate is open. */
    volatile int stallsFrom = Integer.MAX_VALUE;

    volatile int stallsAfter;
    final Gate stalled = new Gate();

    ScriptedLog(Form form, List<Taken> entries) {
        this.form = form;
        this.entries = entries;
    }

    void on(FakeEngine engine) {
        engine.on(
                "GET",
                "/containers/*/json",
                exchange -> exchange.answer(
                        200,
                        "{\"Id\":\"full\",\"Config\":{\"Tty\":" + form.tty + "},\"State\":{\"Running\":"
                                + (connections.get() < runsFor) + "}}"));
        engine.on("GET", "/containers/*/logs", this::answer);
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        String since =
                exchange.request().query().getOrDefault("since", List.of("")).get(0);
        asked.add(exchange.request().query().toString());
        int number = connections.getAndIncrement();
        String tail =
                exchange.request().query().getOrDefault("tail", List.of("all")).get(0);
        byte[] all = exchange(
                since.isEmpty() ? null : instant(since),
                tail.equals("all") ? Integer.MAX_VALUE : Integer.parseInt(tail));
        int cut = number < cuts.size() ? cuts.get(number) : all.length;
        int begun = number < stallsFrom ? 0 : stallsAfter;
        if (begun > 0) {
            exchange.raw(Arrays.copyOf(all, begun));
        }
        if (number >= stallsFrom) {
            exchange.stall(stalled);
        }
        if (cut > begun) {
            exchange.raw(Arrays.copyOfRange(all, begun, Math.min(cut, all.length)));
        }
        exchange.close();
    }

    /** How long the head of an answer is. */
    int headLength() {
        return exchangeFrom(Instant.MAX).length - (form.chunked ? END.length : 0);
    }

    private static Instant instant(String since) {
        int dot = since.indexOf('.');
        long seconds = Long.parseLong(dot < 0 ? since : since.substring(0, dot));
        return Instant.ofEpochSecond(seconds, dot < 0 ? 0 : Long.parseLong(since.substring(dot + 1)));
    }

    /** All bytes of an answer from that moment on, the head's included. */
    byte[] exchangeFrom(@Nullable Instant since) {
        return exchange(since, Integer.MAX_VALUE);
    }

    private byte[] exchange(@Nullable Instant since, int tail) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String type = form == Form.RECORDS
                ? "application/x-ndjson"
                : "application/vnd.docker." + (form.tty || form == Form.OLD_FRAMES ? "raw" : "multiplexed") + "-stream";
        bytes.writeBytes(("HTTP/1.1 200 OK\r\nApi-Version: " + form.apiVersion + "\r\nContent-Type: " + type
                        + "\r\nDate: Tue, 24 Nov 2026 10:40:50 GMT\r\n"
                        + (form.chunked ? "Transfer-Encoding: chunked" : "Connection: close") + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        List<Taken> sent = new ArrayList<>();
        for (Taken entry : entries) {
            if (since == null || !sent.isEmpty() || !entry.time.isBefore(since)) {
                sent.add(entry);
            }
        }
        for (Taken entry : sent.subList(Math.max(0, sent.size() - tail), sent.size())) {
            byte[] one = write(entry);
            bytes.writeBytes(form.chunked ? chunk(one) : one);
        }
        if (form.chunked) {
            bytes.writeBytes(END);
        }
        return bytes.toByteArray();
    }

    private static byte[] chunk(byte[] bytes) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunk.toByteArray();
    }

    private byte[] write(Taken entry) {
        if (form == Form.RECORDS) {
            String text = entry.text.replace("\r", "\\r").replace("\n", "\\n");
            return ("{\"Line\":\"" + text + "\",\"Source\":\"" + (entry.stderr ? "stderr" : "stdout")
                            + "\",\"Timestamp\":\"" + entry.time + "\"}\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
        byte[] line = (STAMP.format(entry.time) + " " + entry.text).getBytes(StandardCharsets.UTF_8);
        return form.tty
                ? line
                : ByteBuffer.allocate(8 + line.length)
                        .putInt((entry.stderr ? 2 : 1) << 24)
                        .putInt(line.length)
                        .put(line)
                        .array();
    }
}
