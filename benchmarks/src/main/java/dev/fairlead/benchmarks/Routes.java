package dev.fairlead.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which answer a request gets; each is made once. How much there is of it says the request, in a word that an Engine would understand
 * too: the id of the container, {@code limit} of a list, {@code until} of events, the tag of an image.
 */
final class Routes {

    /** How large the frames of a container {@code stalled-…} are. */
    static final int STALLED_FRAME = 16 * 1024;

    private static final Pattern TARGET = Pattern.compile("(?:/v[0-9.]+)?(/[^?]*)(?:\\?(.*))?");
    private static final Pattern CONTAINER = Pattern.compile("/containers/([^/]+)/(json|logs|stats|attach|archive)");
    private static final Pattern STALLED = Pattern.compile("/containers/(stalled-[^/]+)/logs");
    private static final Pattern SENT = Pattern.compile("GET /_sent/(.+)");

    private final Map<String, PreparedAnswer> answers = new HashMap<>();
    private final Map<String, AtomicLong> counters = new HashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bodies = new AtomicLong();

    /** The answer to a request line up to its second blank: {@code GET /_ping}. */
    PreparedAnswer find(String request) {
        requests.getAndIncrement();
        PreparedAnswer known = answers.get(request);
        if (known != null) {
            return known;
        }
        Matcher sent = SENT.matcher(request);
        if (sent.matches()) {
            AtomicLong counted = counters.get(sent.group(1));
            return PreparedAnswer.text(counted == null ? 0 : counted.get());
        }
        PreparedAnswer made = make(request);
        answers.put(request, made);
        return made;
    }

    /** What counts the bytes sent for that request, as {@code GET /_sent/ID} tells; null for most. */
    @Nullable
    AtomicLong counter(String request) {
        if (!request.contains("/stalled-")) {
            return null;
        }
        Matcher stalled = STALLED.matcher(request);
        return stalled.find() ? counters.computeIfAbsent(stalled.group(1), id -> new AtomicLong()) : null;
    }

    int requests() {
        return requests.get();
    }

    void addBody(long bytes) {
        bodies.addAndGet(bytes);
    }

    /** How many bytes the bodies of all requests had. */
    long bodies() {
        return bodies.get();
    }

    private static PreparedAnswer make(String request) {
        int blank = request.indexOf(' ');
        Matcher target = TARGET.matcher(request.substring(blank + 1));
        if (!target.matches()) {
            return PreparedAnswer.notFound();
        }
        String query = target.group(2) == null ? "" : target.group(2);
        return switch (target.group(1)) {
            case "/_ping" -> PreparedAnswer.ping(!request.startsWith("HEAD "));
            case "/containers/json" -> PreparedAnswer.json(Samples.list(number(query, "limit")));
            case "/events" -> PreparedAnswer.messages(Samples.event(), number(query, "until"));
            case "/images/create" -> PreparedAnswer.messages(Samples.pullMessage(), number(query, "tag"));
            default -> container(request, CONTAINER.matcher(target.group(1)));
        };
    }

    private static PreparedAnswer container(String request, Matcher path) {
        if (!path.matches()) {
            return PreparedAnswer.notFound();
        }
        String id = path.group(1);
        return switch (path.group(2)) {
            case "json" -> PreparedAnswer.json(id.equals("echo") ? echo() : Samples.inspect());
            case "stats" -> PreparedAnswer.messages(Samples.stats(), word(id, 1));
            case "attach" -> PreparedAnswer.attached();
            case "archive" ->
                request.startsWith("GET ") ? PreparedAnswer.tar((long) word(id, 1) << 20) : PreparedAnswer.empty();
            default -> logs(id);
        };
    }

    private static PreparedAnswer logs(String id) {
        if (id.startsWith("frames-")) {
            int size = word(id, 1);
            return PreparedAnswer.frames(size, ((long) word(id, 2) << 20) / size);
        }
        return id.startsWith("stalled-") ? PreparedAnswer.endless(STALLED_FRAME) : PreparedAnswer.followed();
    }

    /** The container with an input that can be ended. */
    private static byte[] echo() {
        return new String(Samples.inspect(), StandardCharsets.UTF_8)
                .replace("\"OpenStdin\": false", "\"OpenStdin\": true")
                .replace("\"StdinOnce\": false", "\"StdinOnce\": true")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int word(String id, int index) {
        String[] words = id.split("-", -1);
        return index < words.length ? Integer.parseInt(words[index]) : 0;
    }

    private static int number(String query, String name) {
        Matcher value = Pattern.compile("(?:^|&)" + name + "=([0-9]+)").matcher(query);
        return value.find() ? Integer.parseInt(value.group(1)) : 0;
    }
}
