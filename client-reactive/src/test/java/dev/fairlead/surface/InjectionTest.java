package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/**
 * Hostile texts in every place of every method where a text can be: each is refused before anything is sent, by the name of the
 * argument, or arrives as that text in that place, and the request is otherwise the one of a harmless text.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InjectionTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Long, unlike anything else that is sent, and fit for every place. */
    private static final String HARMLESS = "harmless7";

    private static final List<String> HOSTILE = List.of(
            "a\r\nX-Injected: 1",
            "a\r\n\r\nGET /injected HTTP/1.1\r\nHost: x\r\n\r\n",
            "a\nX-Injected: 1",
            "a\u0000b",
            "a\u007fb",
            "..",
            ".",
            "../../injected",
            "a/../injected",
            "/../injected",
            "/injected",
            "a//injected",
            "%2e%2e",
            "%2e%2e%2finjected",
            "a%2f..%2finjected",
            "a%00b",
            "%",
            "%zz",
            "a?x=1",
            "a&x=1",
            "a=b;c",
            "a#f",
            "a b",
            " a",
            "a+b",
            "a\\..\\injected",
            "\"}],\"x\":[{\"",
            "größe 容器 😀",
            "a\ud800b",
            "\udc00",
            "\u2028a\u202eb",
            "http://elsewhere/",
            "-H",
            "x".repeat(20_000));

    @TempDir
    static Path folder;

    private FakeEngine engine;
    private DockerClient docker;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    void start() throws IOException {
        engine = SurfaceTest.scripted(folder.resolve("docker.sock"), "1.55");
        docker = DockerClient.create(config -> config.host(engine.host()));
    }

    @AfterAll
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
            boolean naming = refused != null && String.valueOf(refused.getMessage()).matches("(?s)[\\w-]+\\W.*");
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
        return "\"" + text.substring(0, Math.min(30, text.length())).replace("\r", "\\r").replace("\n", "\\n") + "\"";
    }

    private static boolean carries(List<Request> requests, String text) {
        return text.length() > 2 && requests.stream().anyMatch(request -> shape(request, text).contains("⟨⟩"));
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
                .map(segment -> segment.equals(text) ? "⟨⟩" : segment.replace("/", "⁄"))
                .reduce((a, b) -> a + "/" + b)
                .orElse("");
        // A name of an image keeps its slashes, and so is more than one segment.
        path = path.replace(text, "⟨⟩").replace(text.replace("/", "⁄"), "⟨⟩");
        String json = dev.fairlead.core.json.Json.write(text) == null
                ? ""
                : new String(dev.fairlead.core.json.Json.write(text), StandardCharsets.UTF_8);
        String inJson = json.substring(1, json.length() - 1);
        StringBuilder shape = new StringBuilder(request.method()).append(' ').append(path);
        request.query().forEach((name, values) -> shape.append(" ?")
                .append(name)
                .append('=')
                .append(values.stream()
                        .map(value -> value.equals(text) ? "⟨⟩" : value.replace(text, "⟨⟩").replace(inJson, "⟨⟩"))
                        .toList()));
        request.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Length") && !name.toLowerCase(Locale.ROOT).startsWith("sec-")) {
                shape.append(" ^").append(name.toLowerCase(Locale.ROOT)).append('=').append(values.stream()
                        .map(value -> value.replace(text.strip(), "⟨⟩"))
                        .toList());
            }
        });
        return shape.toString();
    }

    @Test
    void noTextLeavesItsPlace() {
        for (GroupMethod method : GroupMethod.all()) {
            Type[] types = method.method().getGenericParameterTypes();
            for (int i = 0; i < types.length; i++) {
                int position = i;
                if (isText(types[i])) {
                    attack(method + " argument " + i, text -> method.call(docker, arguments(types, position, text)));
                }
            }
            Class<?> builder = method.builder();
            if (builder == null || !builder.getName().startsWith("dev.fairlead.model.")) {
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
        assertThat(wrong).isEmpty();
        assertThat(counts.get("path places")).isGreaterThan(150);
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
            if (!text.matches("[\\w.%-]+")) {
                assertThatThrownBy(() -> DockerConfig.builder().header(text, "x"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("name ");
            }
        }
    }
}
