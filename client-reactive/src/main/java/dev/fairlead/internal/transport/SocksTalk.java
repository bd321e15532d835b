package dev.fairlead.internal.transport;

import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.proxy.ProxyAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** SOCKS 5 (RFC 1928), with a user and a password where there are some (RFC 1929). Names are left to the proxy to look up. */
final class SocksTalk implements ProxyTalk {

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int LONGEST_NAME = 255;

    private enum Step {
        METHOD,
        AUTHENTICATION,
        CONNECTION
    }

    private final ProxyAddress proxy;
    private final DockerHost.Tcp host;
    private Step step = Step.METHOD;

    SocksTalk(ProxyAddress proxy, DockerHost.Tcp host) {
        this.proxy = proxy;
        this.host = host;
    }

    @Override
    public ByteBuf opening() {
        return Unpooled.wrappedBuffer(
                proxy.user() == null
                        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                        : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
    }

    @Override
    public boolean hear(ByteBuf said, ByteBuf answer) throws ProxyRefused {
        while (said.readableBytes() >= 2) {
            switch (step) {
                case METHOD -> method(said, answer);
                case AUTHENTICATION -> authenticated(said, answer);
                case CONNECTION -> {
                    return connected(said);
                }
            }
        }
        return false;
    }

    private void method(ByteBuf said, ByteBuf answer) throws ProxyRefused {
        version(said.readByte(), VERSION);
        int method = said.readUnsignedByte();
        if (method == NO_AUTHENTICATION) {
            connect(answer);
        } else if (method == USER_AND_PASSWORD && proxy.user() != null) {
            answer.writeByte(1);
            text(proxy.user(), answer);
            text(String.valueOf(proxy.password()), answer);
            step = Step.AUTHENTICATION;
        } else {
            throw new ProxyRefused(
                    "it knows no way to let this client in",
                    proxy.user() == null
                            ? "it may want a user and a password: socks5://user:password@host:port"
                            : null);
        }
    }

    private void authenticated(ByteBuf said, ByteBuf answer) throws ProxyRefused {
        version(said.readByte(), 1);
        if (said.readByte() != 0) {
            throw new ProxyRefused("it does not take this user and password", null);
        }
        connect(answer);
    }

    private void connect(ByteBuf answer) throws ProxyRefused {
        answer.writeByte(VERSION).writeByte(CONNECT).writeByte(0);
        String name = Names.withoutZone(host.host());
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        if (address == null) {
            if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw new ProxyRefused("the name of the host is longer than SOCKS can say", null);
            }
            answer.writeByte(NAME);
            text(name, answer);
        } else {
            answer.writeByte(address.length == 4 ? IPV4 : IPV6).writeBytes(address);
        }
        answer.writeShort(host.port());
        step = Step.CONNECTION;
    }

    private boolean connected(ByteBuf said) throws ProxyRefused {
        int at = said.readerIndex();
        version(said.getByte(at), VERSION);
        int status = said.getUnsignedByte(at + 1);
        if (status != 0) {
            throw new ProxyRefused(words(status), hint(status));
        }
        if (said.readableBytes() < 5) {
            return false;
        }
        int kind = said.getByte(at + 3);
        int length =
                switch (kind) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> 1 + said.getUnsignedByte(at + 4);
                    default -> throw new ProxyRefused("its answer is not SOCKS 5", null);
                };
        if (said.readableBytes() < 4 + length + 2) {
            return false;
        }
        said.skipBytes(4 + length + 2);
        return true;
    }

    private static void version(int said, int wanted) throws ProxyRefused {
        if (said != wanted) {
            throw new ProxyRefused("its answer is not SOCKS 5", "is it an http:// proxy?");
        }
    }

    /** Of at most 255 bytes: of user and password that was seen to when they were read. */
    private static void text(String text, ByteBuf into) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        into.writeByte(bytes.length).writeBytes(bytes);
    }

    private static String words(int status) {
        return switch (status) {
            case 1 -> "it failed";
            case 2 -> "its rules do not allow it";
            case 3 -> "it can't reach the network";
            case 4 -> "it can't reach the host";
            case 5 -> "the connection was refused there";
            case 6 -> "the connection took too long";
            case 7 -> "it can't connect to anything";
            case 8 -> "it does not know this kind of address";
            default -> "it answered " + status;
        };
    }

    private static @Nullable String hint(int status) {
        return switch (status) {
            case 1, 3, 4, 5, 6 -> "is the Engine running, and its name known to the proxy?";
            default -> null;
        };
    }
}
