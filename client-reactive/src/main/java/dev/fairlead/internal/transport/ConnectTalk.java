package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP's {@code CONNECT}: in clear too, as what follows may be more than HTTP. */
final class ConnectTalk implements ProxyTalk {

    /** Of the head of an answer, in bytes. */
    private static final int LONGEST_HEAD = 16 * 1024;

    /** Answers before the answer (1xx). */
    private static final int MOST_INTERIM = 32;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})( [^\r\n]*)?\r?\n");

    private final ProxyAddress proxy;
    private final String target;
    private int scanned;
    private int interim;

    ConnectTalk(ProxyAddress proxy, DockerHost.Tcp host) {
        this.proxy = proxy;
        this.target = Names.withPort(host);
    }

    @Override
    public ByteBuf opening() {
        String authorization = proxy.authorization();
        return Unpooled.copiedBuffer(
                "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
                        + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n",
                StandardCharsets.US_ASCII);
    }

    @Override
    public boolean hear(ByteBuf said, ByteBuf answer) throws ProxyRefused {
        int length = headLength(said);
        if (length < 0) {
            if (said.readableBytes() > LONGEST_HEAD) {
                throw new ProxyRefused("its answer has a head of more than " + LONGEST_HEAD + " bytes", null);
            }
            if (said.readableBytes() >= 5 && !startsAsHttp(said)) {
                throw new ProxyRefused("its answer is not HTTP", "does it speak SOCKS or TLS?");
            }
            return false;
        }
        String head = said.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
        scanned = 0;
        Matcher line = STATUS.matcher(head);
        if (!line.lookingAt()) {
            throw new ProxyRefused("its answer is not HTTP", "does it speak SOCKS or TLS?");
        }
        int status = Integer.parseInt(line.group(1));
        if (status < 200) {
            if (++interim > MOST_INTERIM) {
                throw new ProxyRefused(
                        "it sent more than " + MOST_INTERIM + " interim answers and none that counts", null);
            }
            return hear(said, answer);
        }
        if (status < 300) {
            return true;
        }
        String words = line.group(2);
        throw new ProxyRefused("it answered " + status + (words == null ? "" : printable(words)), hint(status));
    }

    /** Up to and with the empty line, or -1 where that has not come. */
    private int headLength(ByteBuf said) {
        int from = said.readerIndex();
        // Two bytes back: the line's end before may have come with the last read.
        for (int at = from + Math.max(scanned - 2, 0); at < said.writerIndex(); at++) {
            if (said.getByte(at) == '\n'
                    && ((at - 1 >= from && said.getByte(at - 1) == '\n')
                            || (at - 2 >= from && said.getByte(at - 1) == '\r' && said.getByte(at - 2) == '\n'))) {
                return at + 1 - from;
            }
        }
        scanned = said.readableBytes();
        return -1;
    }

    private static boolean startsAsHttp(ByteBuf said) {
        return ByteBufUtil.equals(
                said, said.readerIndex(), Unpooled.wrappedBuffer(new byte[] {'H', 'T', 'T', 'P', '/'}), 0, 5);
    }

    private @Nullable String hint(int status) {
        if (status == 407) {
            return proxy.authorization() == null
                    ? "it wants a user and a password: http://user:password@host:port"
                    : "it does not take this user and password";
        }
        return switch (status) {
            case 403, 405 -> "it may lead to some ports only, often to 443 alone; NO_PROXY leads past it";
            case 502, 503, 504 -> "it can't reach the Engine: is that running, and its name known there?";
            default -> null;
        };
    }

    private static String printable(String words) {
        String cut = words.length() > 100 ? words.substring(0, 100) + "…" : words;
        return cut.replaceAll("\\p{Cntrl}", "?").stripTrailing();
    }
}
