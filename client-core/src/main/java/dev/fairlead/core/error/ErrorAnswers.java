package dev.fairlead.core.error;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes exceptions of answers that are no success. */
public final class ErrorAnswers {
    /** How much of an answer's body is worth reading to find its message: 1 MiB. */
    public static final int LARGEST_BODY = 1024 * 1024;

    private static final int LONGEST_MESSAGE = 2048;
    // A page's first words say enough; its markup none.
    private static final int LONGEST_PAGE_TEXT = 200;
    // The patterns below may take time in the square of the page's length.
    private static final int PAGE_LOOKED_AT = 8 * 1024;

    private static final String NOT_THE_ENGINE = "this is a page and not an Engine's answer: is there a proxy between?";
    private static final String UPSTREAM = "this is a proxy's answer: the Engine behind it may be down or slow";

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Pattern TITLE = Pattern.compile("<title[^>]*>([^<]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern INVISIBLE =
            Pattern.compile("<(script|style|head)\\b[^>]*>.*?</\\1\\s*>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    private ErrorAnswers() {}

    /**
     * The exception for an answer. Never fails itself, whatever the answer is.
     *
     * @param operation what was asked of the Engine
     * @param status the answer's status code
     * @param contentType the answer's media type, or null if it has none
     * @param body the answer's body, or what there is of it; empty for an answer to HEAD
     * @return the exception
     */
    public static DockerException toException(String operation, int status, @Nullable String contentType, byte[] body) {
        return toException(operation, status, contentType, body, SentSecrets.NONE);
    }

    /**
     * The exception for an answer. Never fails itself, whatever the answer is.
     *
     * @param operation what was asked of the Engine
     * @param status the answer's status code
     * @param contentType the answer's media type, or null if it has none
     * @param body the answer's body, or what there is of it; empty for an answer to HEAD
     * @param sent what of the request is not to be repeated
     * @return the exception
     */
    public static DockerException toException(
            String operation, int status, @Nullable String contentType, byte[] body, SentSecrets sent) {
        String message = message(contentType, body, sent);
        boolean page = isPage(contentType, body);
        if (message.startsWith("Client sent an HTTP request to an HTTPS server")) {
            return ConnectionFailed.speaksTls(operation, "the Engine");
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("update out of sequence")) {
            return new Conflict(
                    operation, status, message, "it has changed meanwhile: inspect it and use its present version");
        }
        return switch (status) {
            case 401 -> new Unauthorized(operation, status, message, page ? NOT_THE_ENGINE : null);
            case 407 ->
                new Unauthorized(
                        operation,
                        status,
                        message,
                        "a proxy between wants credentials, such as a header of the configuration");
            case 403 -> new Forbidden(operation, status, message, page ? NOT_THE_ENGINE : null);
            case 404 -> new NotFound(operation, status, message, page ? NOT_THE_ENGINE : notFoundHint(lower));
            case 409, 412 -> new Conflict(operation, status, message, null);
            case 501 -> new NotImplemented(operation, status, message, null);
            case 429 -> new Unavailable(operation, status, message, "try again later");
            case 503 -> new Unavailable(operation, status, message, page ? UPSTREAM : unavailableHint(lower));
            default -> other(operation, status, message, hint(status, page));
        };
    }

    /**
     * The exception for an answer that is no HTTP.
     *
     * @param operation what was asked of the Engine
     * @param host where the Engine was thought to be
     * @param start the first bytes of the answer, 100 or fewer; its position is left as it is
     * @return {@link ConnectionFailed} if the bytes are TLS, else {@link ProtocolFailure} showing them
     */
    public static DockerException notHttp(String operation, String host, ByteBuffer start) {
        byte[] bytes = new byte[Math.min(start.remaining(), 100)];
        start.duplicate().get(bytes);
        // An alert or a handshake, of any version since SSL 3.
        if (bytes.length >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03) {
            return ConnectionFailed.speaksTls(operation, host);
        }
        StringBuilder seen = new StringBuilder(bytes.length);
        for (byte octet : bytes) {
            seen.append(octet >= ' ' && octet < 0x7F ? (char) octet : '.');
        }
        return new ProtocolFailure(
                operation, host + " did not answer in HTTP, but with \"" + seen + "\"", "is there an Engine?");
    }

    private static DockerException other(String operation, int status, String message, @Nullable String hint) {
        if (status >= 400 && status < 500) {
            return new InvalidRequest(operation, status, message, hint);
        }
        if (status >= 500 && status < 600) {
            return new EngineFailure(operation, status, message, hint);
        }
        return new ProtocolFailure(
                operation, status, message, "no Engine answers this so: is there a proxy between, or another path?");
    }

    /** For statuses that no Engine says of itself. */
    private static @Nullable String hint(int status, boolean page) {
        return switch (status) {
            case 408, 502, 504 -> UPSTREAM;
            case 413 -> "a proxy between takes no request that large";
            case 414, 431 -> "a proxy between takes no path or headers that long";
            default -> page ? NOT_THE_ENGINE : null;
        };
    }

    /** An Engine speaks JSON, or text where it does not know the route; never a page. */
    private static boolean isPage(@Nullable String contentType, byte[] body) {
        if (contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            return true;
        }
        int at = 0;
        while (at < body.length && body[at] <= ' ' && body[at] >= 0) {
            at++;
        }
        return at < body.length && body[at] == '<';
    }

    private static @Nullable String notFoundHint(String message) {
        return message.startsWith("page not found") || message.startsWith("404 page not found")
                ? "the Engine may not know this operation at this API version"
                : null;
    }

    private static @Nullable String unavailableHint(String message) {
        return message.contains("swarm") ? "the Engine has to be a manager of a swarm for this" : null;
    }

    static String sentence(int status, String message) {
        return message.isEmpty() ? status + " without a reason" : status + " " + message;
    }

    /** The message in a body: of the Engine's JSON, of a proxy's page, or the text that it is. */
    private static String message(@Nullable String contentType, byte[] body, SentSecrets sent) {
        // Before it is cut: half a secret would not be found.
        String text = new String(body, 0, Math.min(body.length, LARGEST_BODY), StandardCharsets.UTF_8).strip();
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/json") || text.startsWith("{")) {
            String said = messageOfJson(text);
            if (said != null) {
                return cut(sent.hide(said), LONGEST_MESSAGE);
            }
        }
        if (type.startsWith("text/html") || text.startsWith("<")) {
            String start = sent.hide(text.substring(0, Math.min(text.length(), PAGE_LOOKED_AT)));
            return cut(messageOfPage(start), LONGEST_PAGE_TEXT);
        }
        return cut(sent.hide(text), LONGEST_MESSAGE);
    }

    private static @Nullable String messageOfJson(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException notJson) {
            return null;
        }
        for (String pointer : new String[] {"/message", "/errorDetail/message", "/error"}) {
            JsonNode said = node.at(pointer);
            if (said.isString()) {
                return said.stringValue();
            }
        }
        return null;
    }

    private static String messageOfPage(String page) {
        Matcher title = TITLE.matcher(page);
        if (title.find() && !title.group(1).isBlank()) {
            return oneLine(title.group(1));
        }
        return oneLine(TAG.matcher(INVISIBLE.matcher(page).replaceAll(" ")).replaceAll(" "));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String cut(String message, int longest) {
        StringBuilder printable = new StringBuilder(Math.min(message.length(), longest) + 1);
        String text = message.strip();
        for (int i = 0; i < text.length(); i++) {
            if (printable.length() >= longest) {
                // Not between the halves of a character.
                int end = Character.isHighSurrogate(printable.charAt(longest - 1)) ? longest - 1 : longest;
                printable.setLength(end);
                return printable.append('…').toString();
            }
            char c = text.charAt(i);
            printable.append(isPrintable(c) ? c : ' ');
        }
        return printable.toString().strip();
    }

    /** What moves a terminal's cursor, or turns the direction of what is written, is not. */
    private static boolean isPrintable(char c) {
        return c == '\n'
                || c == '\t'
                || !(Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || c == '\u2028'
                        || c == '\u2029');
    }
}
