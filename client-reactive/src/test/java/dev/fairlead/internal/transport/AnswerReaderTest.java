package dev.fairlead.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of an answer, however it is cut, and beside Netty's codec: never less strict, and never of another opinion. */
@SuppressWarnings("StringConcatToTextBlock") // Each line break of HTTP is to be seen.
class AnswerReaderTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Type:application/json \r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;name=value\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\n";

    static Stream<String> answers() {
        return Stream.of(
                CHUNKED,
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 17\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 \r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:3\r\n\r\nyes",
                "HTTP/1.1 200 OK\r\nX: y\r\n\r\nuntil the end",
                "HTTP/1.0 200 OK\r\n\r\nuntil the end",
                "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: CHUNKED\r\nConnection: close\r\n\r\n"
                        + "00a\r\n0123456789\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n",
                "HTTP/1.1 407 \u00e9\r\nContent-Length: 1\r\nEmpty:\r\n\r\nx");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void theSameHoweverItIsCut(String answer) {
        Read whole = Read.ours(List.of(answer), false);
        assertThat(whole.failure).isNull();
        assertThat(whole.ends).isEqualTo(1);
        for (int cut = 0; cut <= answer.length(); cut++) {
            assertThat(Read.ours(List.of(answer.substring(0, cut), answer.substring(cut)), false))
                    .as("cut at %s", cut)
                    .isEqualTo(whole);
        }
        List<String> bytes =
                answer.chars().mapToObj(each -> String.valueOf((char) each)).toList();
        assertThat(Read.ours(bytes, false)).isEqualTo(whole);
        assertThat(Read.netty(answer, false)).isEqualTo(whole);
    }

    @Test
    void whatOneReadHoldsOfABodyComesInOnePiece() {
        List<Integer> pieces = new ArrayList<>();
        AnswerReader reader = new AnswerReader(new AnswerReader.Sink() {
            @Override
            public void onInterim(int status) {}

            @Override
            public void onHead(AnswerHead head) {}

            @Override
            public void onBody(ByteBuf bytes) {
                pieces.add(bytes.readableBytes());
                bytes.release();
            }

            @Override
            public void onEnd() {}
        });
        reader.expect(false);
        assertThat(read(reader, CHUNKED)).isNull();
        assertThat(pieces).containsExactly(16);
    }

    @Test
    void headersAreFoundInAnyCaseAndWholly() {
        AnswerHead head = Objects.requireNonNull(Read.ours(
                        List.of("HTTP/1.1 200 OK\r\nApi-Versions: 1\r\nAPI-VERSION:\t1.51 \r\n"
                                + "api-version: 1.40\r\nContent-Length: 0\r\n\r\n"),
                        false)
                .head);
        assertThat(head.header("Api-Version")).isEqualTo("1.51");
        assertThat(head.header("Api")).isNull();
        assertThat(head.header("1.51")).isNull();
    }

    @Test
    void anAnswerToAHeadRequestHasNoBody() {
        Read read = Read.ours(List.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), true);
        assertThat(read.ends).isEqualTo(1);
        assertThat(read.body).isEmpty();
    }

    @Test
    void whatNobodyAskedForIsTold() {
        assertThat(Read.ours(List.of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP"), false).left)
                .isTrue();
        assertThat(Read.ours(List.of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), false).left)
                .isFalse();
    }

    @Test
    void afterAnUpgradeAllIsHandedOver() {
        StringBuilder raw = new StringBuilder();
        AnswerReader[] reader = new AnswerReader[1];
        reader[0] = new AnswerReader(new AnswerReader.Sink() {
            @Override
            public void onInterim(int status) {}

            @Override
            public void onHead(AnswerHead head) {
                reader[0].upgrade();
            }

            @Override
            public void onBody(ByteBuf bytes) {
                raw.append(bytes.toString(ISO_8859_1));
                bytes.release();
            }

            @Override
            public void onEnd() {
                raw.append("(end)");
            }
        });
        reader[0].expect(false);
        assertThat(read(reader[0], "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nfirst"))
                .isNull();
        assertThat(read(reader[0], " HTTP/1.1 200\r\n\r\n")).isNull();
        assertThat(raw).hasToString("first HTTP/1.1 200\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\n\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n Content-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0, 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n;a\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a\u0001\r\nx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno trailer\r\n\r\n"
            })
    void whatNoEngineSaysIsRefused(String answer) {
        assertThat(Read.ours(List.of(answer), false).failure).isInstanceOf(MalformedAnswer.class);
        List<String> bytes =
                answer.chars().mapToObj(each -> String.valueOf((char) each)).toList();
        assertThat(Read.ours(bytes, false).failure).isInstanceOf(MalformedAnswer.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 4000, 4096, 4097, 9000, 100_000})
    void linesAndHeadsHaveTheirLimits(int length) {
        boolean allowed = length <= HeadParser.MAX_LINE;
        String line = "HTTP/1.1 200 " + "x".repeat(length - 13) + "\r\nContent-Length: 0\r\n\r\n";
        assertThat(Read.ours(List.of(line), false).failure == null).isEqualTo(allowed);
        String header = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX:" + "y".repeat(length - 2) + "\r\n\r\n";
        assertThat(Read.ours(List.of(header), false).failure == null).isEqualTo(allowed);
        String many =
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + "X: 0123456789abcdef\r\n".repeat(length / 20) + "\r\n";
        assertThat(Read.ours(List.of(many), false).failure == null).isEqualTo(length < HeadParser.MAX_HEADERS);
        String chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;" + "x".repeat(length) + "\r\n\r\n";
        assertThat(Read.ours(List.of(chunk), false).failure == null).isEqualTo(length < HeadParser.MAX_LINE - 5);
    }

    /** Answers changed at random: whatever Netty's codec refuses is refused, and what both read is the same. */
    @Test
    void asStrictAsNettys() {
        int rounds = Boolean.getBoolean("fairlead.long") ? 5_000_000 : 60_000;
        List<String> seeds = answers().toList();
        long seed = Long.getLong("fairlead.seed", System.nanoTime());
        Random random = new Random(seed);
        int both = 0;
        int stricter = 0;
        for (int round = 0; round < rounds; round++) {
            String answer = mutated(seeds, random);
            boolean toHead = random.nextInt(20) == 0;
            Read ours = Read.ours(pieces(answer, random), toHead);
            Read netty = Read.netty(answer, toHead);
            if (ours.failure != null) {
                stricter += netty.failure == null ? 1 : 0;
                continue;
            }
            assertThat(netty.failure)
                    .as("seed %s, round %s, which we read: %s", seed, round, escaped(answer))
                    .isNull();
            assertThat(ours)
                    .as("seed %s, round %s: %s", seed, round, escaped(answer))
                    .isEqualTo(netty);
            both++;
        }
        assertThat(both).as("read alike").isGreaterThan(rounds / 20);
        System.out.printf("%,d answers: %,d read alike, %,d refused by us alone%n", rounds, both, stricter);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(each -> escaped.append(
                        each >= ' ' && each < 127 ? String.valueOf((char) each) : String.format("\\x%02x", each)));
        return escaped.toString();
    }

    private static final List<String> PARTS = List.of(
            "\r\n",
            "\r",
            "\n",
            " ",
            "\t",
            ":",
            ",",
            ";",
            "0",
            "1",
            "a",
            "F",
            "\u0000",
            "\u00ff",
            "-",
            "+",
            "\u000b",
            "Content-Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n",
            "chunked",
            "HTTP/1.1",
            "HTTP/1.0",
            "\r\n\r\n",
            "0\r\n\r\n",
            "200",
            "304",
            "101",
            "5\r\nhello\r\n",
            "x: y\r\n");

    private static String mutated(List<String> seeds, Random random) {
        StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, PARTS.get(random.nextInt(PARTS.size())));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                case 2 -> {
                    if (at < text.length()) {
                        text.setCharAt(at, (char) random.nextInt(256));
                    }
                }
                case 3 -> {
                    String other = seeds.get(random.nextInt(seeds.size()));
                    text.insert(at, other, 0, random.nextInt(other.length()));
                }
                default -> {
                    int from = random.nextInt(text.length() + 1);
                    text.insert(at, text.substring(Math.min(from, at), Math.max(from, at)));
                }
            }
            if (text.isEmpty()) {
                text.append('H');
            }
        }
        return text.toString();
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static @Nullable MalformedAnswer read(AnswerReader reader, String text) {
        try {
            assertThat(reader.read(Unpooled.copiedBuffer(text, ISO_8859_1))).isFalse();
            return null;
        } catch (MalformedAnswer malformed) {
            return malformed;
        }
    }

    /** The first answer of a connection, as one of the two codecs reads it. */
    private static final class Read implements AnswerReader.Sink {
        private int status;
        private @Nullable AnswerHead head;
        private String headers = "";
        private final StringBuilder body = new StringBuilder();
        private int ends;
        private boolean left;
        private @Nullable Throwable failure;

        static Read ours(List<String> pieces, boolean toHead) {
            Read read = new Read();
            AnswerReader reader = new AnswerReader(read);
            reader.expect(toHead);
            try {
                for (String piece : pieces) {
                    ByteBuf input = Unpooled.copiedBuffer(piece, ISO_8859_1);
                    if (read.ends > 0) {
                        read.left |= input.isReadable();
                        input.release();
                    } else {
                        read.left |= reader.read(input);
                    }
                }
                if (read.ends == 0 && !reader.end()) {
                    read.failure = new MalformedAnswer("cut");
                }
            } catch (MalformedAnswer malformed) {
                read.failure = malformed;
            }
            return read;
        }

        static Read netty(String text, boolean toHead) {
            Read read = new Read();
            HttpClientCodec codec = new HttpClientCodec();
            EmbeddedChannel channel = new EmbeddedChannel(codec);
            channel.writeOutbound(new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, toHead ? HttpMethod.HEAD : HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER));
            channel.releaseOutbound();
            channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
            channel.finish();
            boolean informational = false;
            for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                if (message instanceof HttpObject object && read.ends == 0) {
                    if (object.decoderResult().isFailure()) {
                        read.failure = object.decoderResult().cause();
                        // As when it fails in a later message: what was read before counts for nothing.
                        ReferenceCountUtil.release(message);
                        continue;
                    }
                    if (object instanceof HttpResponse response) {
                        int status = response.status().code();
                        informational = status < 200 && status != 101;
                        if (!informational) {
                            read.status = status;
                            read.headers = text(response);
                        }
                    }
                    if (object instanceof HttpContent content && !informational) {
                        read.body.append(content.content().toString(ISO_8859_1));
                        read.ends += content instanceof LastHttpContent ? 1 : 0;
                    }
                } else if (read.ends > 0) {
                    read.left = true;
                }
                ReferenceCountUtil.release(message);
            }
            channel.releaseOutbound();
            if (read.ends == 0 && read.failure == null) {
                read.failure = new MalformedAnswer("cut");
            }
            return read;
        }

        private static String text(HttpResponse response) {
            StringBuilder all = new StringBuilder();
            response.headers().forEach(header -> all.append(header.getKey())
                    .append(':')
                    .append(header.getValue())
                    .append('\n'));
            return all.toString();
        }

        @Override
        public void onInterim(int status) {
            assertThat(status).isBetween(100, 199);
        }

        @Override
        public void onHead(AnswerHead head) {
            this.head = head;
            this.status = head.status();
            this.headers = head.text();
        }

        @Override
        public void onBody(ByteBuf bytes) {
            assertThat(bytes.isReadable()).isTrue();
            body.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }

        @Override
        public void onEnd() {
            ends++;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Read read && toString().equals(read.toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            // Netty's takes away what says nothing where there is no body.
            String told = body.isEmpty()
                    ? headers.replaceAll("(?i)(transfer-encoding|content-length):[^\n]*\n", "")
                    : headers;
            return status + " " + escaped(told) + " / " + escaped(body.toString()) + " / " + ends;
        }
    }
}
