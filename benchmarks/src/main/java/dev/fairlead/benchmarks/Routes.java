package dev.fairlead.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which answer a request gets; each is made once. */
final class Routes {

    private static final Pattern TARGET = Pattern.compile("(?:/v[0-9.]+)?(/[^?]*)(?:\\?.*)?");
    private static final Pattern CONTAINER = Pattern.compile("/containers/([^/]+)/(json|logs)");
    private static final Pattern FRAMES = Pattern.compile("frames-([0-9]+)-([0-9]+)");

    private final Map<String, PreparedAnswer> answers = new HashMap<>();
    private final byte[] list;
    private final AtomicInteger requests = new AtomicInteger();

    Routes(int containers) {
        this.list = Samples.list(containers);
    }

    /** The answer to a request line up to its second blank: {@code GET /_ping}. */
    PreparedAnswer find(String request) {
        requests.getAndIncrement();
        return answers.computeIfAbsent(request, this::make);
    }

    int requests() {
        return requests.get();
    }

    private PreparedAnswer make(String request) {
        int blank = request.indexOf(' ');
        Matcher target = TARGET.matcher(request.substring(blank + 1));
        if (!target.matches()) {
            return PreparedAnswer.notFound();
        }
        String path = target.group(1);
        if (path.equals("/_ping")) {
            return PreparedAnswer.ping(!request.startsWith("HEAD "));
        }
        if (path.equals("/containers/json")) {
            return PreparedAnswer.json(list);
        }
        Matcher container = CONTAINER.matcher(path);
        if (!container.matches()) {
            return PreparedAnswer.notFound();
        }
        return container.group(2).equals("json") ? PreparedAnswer.json(Samples.inspect()) : logs(container.group(1));
    }

    private static PreparedAnswer logs(String id) {
        Matcher frames = FRAMES.matcher(id);
        return frames.matches()
                ? PreparedAnswer.frames(Integer.parseInt(frames.group(1)), Long.parseLong(frames.group(2)) * (1 << 20))
                : PreparedAnswer.followed();
    }
}
