package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/**
 * Hostile texts in every place of every method where a text can be: each is refused before anything is sent, by the name of the
 * argument, or arrives as that text in that place, and the request is otherwise the one of a harmless text.
 */
final class InjectionTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Long, unlike anything else that is sent, and fit for every place. */
    private static final String HARMLESS = "harmless7";

    private static final List<String> HOSTILE = List.of(
            "a7x\r\nX-Injected: 1",
            "a7x\r\n\r\nGET injected HTTP 1.1\r\nHost: x\r\n\r\n",
            "a7x\u0000b",
            "..",
            ".",
            "../../injected",
            "a7x/../injected",
            "/injected",
            "a7x//injected",
            "%2e%2e",
            "a7x%2f..%2finjected",
            "100%",
            "a7x?x=1&y=2",
            "a7x#f",
            " a7x b+c",
            "a7x\\..\\injected",
            "\"}],\"x\":[{\"",
            "größe 容器 😀",
            "a7x\ud800b",
            "\u2028a7x\u202eb",
            "x".repeat(20_000));

    @TempDir
    static Path folder;

    /** Fresh ones for each place: an Engine keeps all its requests. */
    private FakeEngine engine;

    private DockerClient docker;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        engine = SurfaceTest.scripted(folder.resolve("docker.sock"), "1.55");
        docker = DockerClient.create(config -> config.host(engine.host()).apiVersion(ApiVersion.of(1, 55)));
    }

    @AfterEach
    void stop() throws IOException {
        docker.close();
        engine.close();
    }

    /** What came of a call: the requests, or why there was none. */
    private record Outcome(List<Request> requests, @Nullable IllegalArgumentException refused) {}

    private interface Call {
        org.reactivestreams.Publisher<?> with(String text);
    }

    private Outcome outcome(Call call, String text) {
        int before = engine.requests().size();
        IllegalArgumentException refused = null;
        try {
            var unused = Flux.from(call.with(text))
                    .take(1)
                    .onErrorComplete(failure -> !(failure instanceof IllegalArgumentException))
                    .blockLast(LIMIT);
        } catch (IllegalArgumentException early) {
            refused = early;
        }
        List<Request> all = engine.requests();
        return new Outcome(List.copyOf(all.subList(before, all.size())), refused);
    }

    /** Tries the texts in one place. */
    private void attack(String place, Call call) {
        Outcome harmless = outcome(call, HARMLESS);
        List<String> expected = harmless.requests().stream()
                .map(request -> shape(request, HARMLESS))
                .toList();
        String kind = kind(harmless.requests());
        if (kind.isEmpty()) {
            return;
        }
        counts.merge(kind + " places", 1, Integer::sum);
        for (String text : HOSTILE) {
            counts.merge(kind, 1, Integer::sum);
            Outcome outcome = outcome(call, text);
            IllegalArgumentException refused = outcome.refused();
            boolean naming =
                    refused != null && String.valueOf(refused.getMessage()).matches("(?s)[\\w-]+\\W.*");
            if (refused != null) {
                counts.merge(kind + " refused", 1, Integer::sum);
            }
            if (refused != null && naming && carries(outcome.requests(), text)) {
                wrong.add(place + " was refused, and was sent: " + shown(text) + " " + outcome.requests());
            } else if (refused != null && !naming) {
                wrong.add(place + " was refused and not named: " + shown(text) + " " + refused);
            } else if (refused == null) {
                List<String> sent = outcome.requests().stream()
                        .map(request -> shape(request, text))
                        .toList();
                if (!sent.equals(expected)) {
                    wrong.add(place + " became another request: " + shown(text) + "\n  " + sent + "\n  " + expected);
                }
            }
        }
    }

    private static String shown(String text) {
        return "\""
                + text.substring(0, Math.min(30, text.length()))
                        .replace("\r", "\\r")
                        .replace("\n", "\\n") + "\"";
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~\\n]", "?").replaceAll("(.{1500}).*", "$1");
    }

    private static boolean carries(List<Request> requests, String text) {
        return text.length() > 2
                && requests.stream().anyMatch(request -> shape(request, text).contains("⟨⟩"));
    }

    /** Where the text arrives: the kinds of its places. */
    private static String kind(List<Request> requests) {
        String all = "";
        for (Request request : requests) {
            if (request.path().contains(HARMLESS)) {
                return "path";
            }
            if (request.query().values().toString().contains(HARMLESS)) {
                all = "query";
            }
            boolean inHead = request.headers().values().stream()
                    .flatMap(List::stream)
                    .anyMatch(value -> value.contains(HARMLESS));
            if (inHead && all.isEmpty()) {
                all = "header";
            }
        }
        return all;
    }

    /** The request with a mark in place of the text, each part decoded by itself: so one that has more or other parts is another. */
    private static String shape(Request request, String text) {
        String path = Arrays.stream(request.path().split("/", -1))
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .map(segment -> marked(segment, text).replace("/", "⁄"))
                .collect(Collectors.joining("/"));
        StringBuilder shape = new StringBuilder(request.method())
                .append(' ')
                // A name of an image keeps its slashes, and so is more than one segment.
                .append(text.indexOf('/') < 0 ? path : path.replace(text, "⟨⟩"));
        request.query().forEach((name, values) -> shape.append(" ?")
                .append(name)
                .append('=')
                .append(values.stream().map(value -> marked(value, text)).toList()));
        request.headers().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!lower.equals("content-length") && !lower.startsWith("sec-")) {
                shape.append(" ^")
                        .append(lower)
                        .append('=')
                        .append(values.stream()
                                .map(value -> value.equals(text.strip()) ? "⟨⟩" : marked(value, text))
                                .toList());
            }
        });
        return shape.toString();
    }

    /** As a whole, as a string of JSON, or, where it is long enough to be found, as a part. */
    private static String marked(String value, String text) {
        if (value.equals(text)) {
            return "⟨⟩";
        }
        String json = new String(Json.write(text), StandardCharsets.UTF_8);
        String marked = value.replace(json, "\"⟨⟩\"");
        return text.length() > 4 ? marked.replace(text, "⟨⟩") : marked;
    }

    @Test
    void noTextLeavesItsPlace() throws IOException {
        // The same options in another overload go the same way.
        Set<Class<?>> tried = new HashSet<>();
        for (GroupMethod method : GroupMethod.all()) {
            stop();
            start();
            Type[] types = method.method().getGenericParameterTypes();
            for (int i = 0; i < types.length; i++) {
                int position = i;
                // Where it copies to is looked at as a whole, then taken apart into a folder and a name in the tar.
                boolean split = method.method().getName().equals("copyFromHost") && i == 2;
                if (isText(types[i]) && !split) {
                    attack(method + " argument " + i, text -> method.call(docker, arguments(types, position, text)));
                }
            }
            Class<?> builder = method.builder();
            if (builder == null || !builder.getName().startsWith("dev.fairlead.model.") || !tried.add(builder)) {
                continue;
            }
            for (Method setter : builder.getMethods()) {
                if (setter.getReturnType() == builder
                        && setter.getParameterCount() == 1
                        && isText(setter.getGenericParameterTypes()[0])) {
                    attack(
                            method + " option " + setter.getName(),
                            text -> method.call(
                                    docker, Samples.setsWhatIsNeeded().andThen(set(setter, text))));
                }
            }
        }
        report();
        assertThat(wrong.stream().map(InjectionTest::printable)).isEmpty();
        assertThat(counts.get("path places")).isGreaterThan(120);
        assertThat(counts.get("query places")).isGreaterThan(30);
        assertThat(counts.get("header places")).isGreaterThan(10);
    }

    private static Consumer<Object> set(Method setter, String text) {
        return builder -> {
            var unused = Samples.call(setter, builder, textOf(setter.getGenericParameterTypes()[0], text));
        };
    }

    private static Object[] arguments(Type[] types, int position, String text) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = i == position
                    ? textOf(types[i], text)
                    : GroupMethod.isLambda(types[i]) ? Samples.setsWhatIsNeeded() : Samples.of(types[i]);
        }
        return arguments;
    }

    private static boolean isText(Type type) {
        return type == String.class
                || type == String[].class
                || (type instanceof ParameterizedType list
                        && (list.getRawType() == List.class || list.getRawType() == Iterable.class)
                        && list.getActualTypeArguments()[0] == String.class);
    }

    private static Object textOf(Type type, String text) {
        return type == String.class ? text : type == String[].class ? new String[] {text} : List.of(text);
    }

    private void report() {
        System.getLogger(InjectionTest.class.getName())
                .log(System.Logger.Level.WARNING, "hostile texts by place: " + counts);
    }

    @Test
    void headersOfTheConfigurationAreOneHeaderEach() {
        for (String text : HOSTILE) {
            boolean carried = text.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (carried) {
                DockerConfig config =
                        DockerConfig.builder().header("X-Mine", text).build();
                assertThat(config.headers()).containsEntry("X-Mine", text);
                assertThat(config.toString()).doesNotContain(text);
            } else {
                assertThatThrownBy(() -> DockerConfig.builder().header("X-Mine", text))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("value of the header X-Mine");
            }
            if (!text.matches("[\\w.%#-]+")) {
                assertThatThrownBy(() -> DockerConfig.builder().header(text, "x"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("name ");
            }
        }
    }
}
