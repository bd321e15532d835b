package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Map;

/** Writes the heads of HTTP/1.1 requests. Whatever could be read as more than it is meant to be is refused. */
final class RequestHead {

    private RequestHead() {}

    /**
     * Writes the request line and the headers, and the empty line after them.
     *
     * @throws IllegalArgumentException if the target or a header could not be written as it is; the value of a header is not told
     */
    static void write(ByteBuf to, EngineRequest request, String host) {
        ascii(to, request.method());
        to.writeByte(' ');
        ascii(to, checkedTarget(request.uri()));
        ascii(to, " HTTP/1.1\r\nhost: ");
        ascii(to, host);
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                header(to, checkedName(header.getKey()), checkedValue(header.getKey(), value));
            }
        }
        if (request.upgrade() != null) {
            header(to, "connection", "upgrade");
            header(to, "upgrade", request.upgrade());
        }
        if (request.body() instanceof Body.Streamed streamed) {
            header(to, "content-type", checkedValue("content-type", streamed.contentType()));
            header(to, "transfer-encoding", "chunked");
        } else if (request.body() instanceof Body.Bytes bytes) {
            header(to, "content-type", checkedValue("content-type", bytes.contentType()));
            header(to, "content-length", Integer.toString(bytes.bytes().length));
        } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            // Without it some Engines take the request for a chunked one, and refuse to start a container by it.
            header(to, "content-length", "0");
        }
        ascii(to, "\r\n\r\n");
    }

    private static void header(ByteBuf to, String name, String value) {
        ascii(to, "\r\n");
        ascii(to, name);
        ascii(to, ": ");
        ascii(to, value);
    }

    private static void ascii(ByteBuf to, String text) {
        var unused = ByteBufUtil.writeAscii(to, text);
    }

    private static String checkedTarget(String target) {
        for (int at = 0; at < target.length(); at++) {
            char character = target.charAt(at);
            if (character <= ' ' || character > '~') {
                throw new IllegalArgumentException("the path has a character that is not encoded");
            }
        }
        return target;
    }

    private static String checkedName(String name) {
        boolean token = !name.isEmpty();
        for (int at = 0; at < name.length(); at++) {
            token &= name.charAt(at) < 128 && HeadParser.isToken((byte) name.charAt(at));
        }
        if (!token) {
            throw new IllegalArgumentException("header " + name + ": its name is no token");
        }
        return name;
    }

    private static String checkedValue(String name, String value) {
        for (int at = 0; at < value.length(); at++) {
            char character = value.charAt(at);
            if ((character < ' ' && character != '\t') || character > '~') {
                throw new IllegalArgumentException(
                        "header " + name + ": its value has a control character, or one that is not of ASCII");
            }
        }
        return value;
    }
}
