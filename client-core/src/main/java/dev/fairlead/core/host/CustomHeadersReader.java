package dev.fairlead.core.host;

import dev.fairlead.core.http.HeaderRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the headers that {@code DOCKER_CUSTOM_HEADERS} or the {@code HttpHeaders} of {@code config.json} have sent, as {@code docker}
 * reads them. Its errors quote nothing: each value may be a password.
 */
final class CustomHeadersReader {
    static final String VARIABLE = "DOCKER_CUSTOM_HEADERS";

    private CustomHeadersReader() {}

    /** The variable's pairs. */
    static CustomHeaders ofVariable(String text, Consumer<String> passedOver) {
        List<String> fields = new CsvLine(text).fields();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            String pair = fields.get(i);
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (name.isEmpty()) {
                throw new IllegalArgumentException("its pair " + (i + 1) + " is no name=value");
            }
            values.put(name, pair.substring(equals + 1));
        }
        return checked(values, VARIABLE, passedOver);
    }

    /**
     * The headers that may be sent. {@code User-Agent} is the client's own word, with {@code docker} too, and what frames a request is
     * the transport's; such a name is told to {@code passedOver}.
     */
    static CustomHeaders checked(Map<String, String> values, String source, Consumer<String> passedOver) {
        Map<String, String> kept = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            HeaderRules.check(name, value);
            if (HeaderRules.isOwn(name) || name.equalsIgnoreCase("User-Agent")) {
                passedOver.accept("the header " + name + " of " + source + ": the client sets it itself");
            } else {
                kept.keySet().removeIf(name::equalsIgnoreCase);
                kept.put(name, value);
            }
        });
        return kept.isEmpty() ? CustomHeaders.NONE : new CustomHeaders(kept, source);
    }
}
