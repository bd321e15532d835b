package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Calls every method of every group, and every setter of all its options, and looks at what arrives.
 *
 * <p>So an operation without a method, a method that asks for no operation, a parameter without a setter and a setter that changes
 * nothing all fail by name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurfaceTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Setters to what a method does by itself. */
    private static final Set<String> AS_BY_ITSELF = Set.of(
            "attach stream",
            "attachWebSocket stream",
            "startAttached stream",
            "copyIn noOverwriteDirNonDir",
            "copyFromHost noOverwriteDirNonDir");

    private static final Map<String, String> EXPLAINED =
            Map.of("ImageBuild header Content-type", "is always application/x-tar");

    @TempDir
    static Path folder;

    private final List<Operation> operations = Operation.all();
    private FakeEngine engine;
    private FakeEngine oldEngine;
    private DockerClient docker;
    private DockerClient oldDocker;

    @BeforeAll
    void start() throws IOException {
        engine = scripted(folder.resolve("new.sock"), "1.55");
        oldEngine = scripted(folder.resolve("old.sock"), "1.40");
        docker = DockerClient.create(config -> config.host(engine.host()));
        oldDocker = DockerClient.create(config -> config.host(oldEngine.host()));
    }

    @AfterAll
    void stop() throws IOException {
        docker.close();
        oldDocker.close();
        engine.close();
        oldEngine.close();
    }

    /** Says of everything that it is there, so that methods which look first go on. */
    static FakeEngine scripted(Path socket, String version) throws IOException {
        return scripted(FakeEngine.unix(socket).apiVersion(version));
    }

    static FakeEngine scripted(FakeEngine engine) {
        String inspected = "{\"Id\":\"x\",\"ID\":\"x\",\"Version\":{\"Index\":1},\"Spec\":{},\"OpenStdin\":true,"
                + "\"Config\":{\"StdinOnce\":true},\"ProcessConfig\":{}}";
        for (String path : List.of(
                "/containers/*/json",
                "/exec/*/json",
                "/images/*/json",
                "/services/*",
                "/nodes/*",
                "/secrets/*",
                "/configs/*",
                "/tasks/*",
                "/swarm")) {
            engine.on(
                    "GET",
                    path,
                    exchange -> exchange.answer(200, Map.of("Content-Type", "application/json"), inspected));
        }
        return engine;
    }

    /** Calls the method and gives the requests that it led to, but for the ping. */
    private List<Request> call(DockerClient client, FakeEngine at, GroupMethod called, Consumer<Object> options) {
        int before = at.requests().size();
        Publisher<?> publisher = called.call(client, options);
        var unused = Flux.from(publisher)
                .take(1)
                .onErrorComplete(failure -> !(failure instanceof UnsupportedByEngine))
                .blockLast(LIMIT);
        List<Request> requests = at.requests();
        return requests.subList(before, requests.size()).stream()
                .filter(request -> !request.path().endsWith("/_ping")
                        || called.method().getName().startsWith("ping"))
                .toList();
    }

    private Set<Operation> operationsOf(List<Request> requests) {
        return requests.stream()
                .map(request -> Operation.of(operations, request.method(), request.path())
                        .orElseThrow(() -> new AssertionError("no operation of the Engine: " + request)))
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.comparing(Operation::name))));
    }

    @Test
    void everyOperationHasAMethodAndEveryMethodAnOperation() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (GroupMethod method : GroupMethod.all()) {
            Set<Operation> called = operationsOf(call(docker, engine, method, Samples.setsWhatIsNeeded()));
            assertThat(called).as("%s asks the Engine for something", method).isNotEmpty();
            called.forEach(operation -> found.computeIfAbsent(operation.name(), name -> new TreeSet<>())
                    .add(method.toString()));
        }
        Set<String> missing = operations.stream().map(Operation::name).collect(Collectors.toCollection(TreeSet::new));
        missing.removeAll(found.keySet());
        report(found.size() + " of " + operations.size() + " operations");
        assertThat(missing).as("operations without a method").isEmpty();
    }

    @Test
    void everyParameterHasASetterAndEverySetterChangesTheRequest() {
        Set<String> sent = new TreeSet<>();
        List<String> ignored = new ArrayList<>();
        int setters = 0;
        for (GroupMethod method : GroupMethod.all()) {
            String plain = describe(call(docker, engine, method, Samples.setsWhatIsNeeded()), sent);
            for (Setter setter : setters(method.builder())) {
                setters++;
                String changed = call(method, setter, sent);
                String name = method.method().getName() + " " + setter.name();
                if (changed.equals(plain) && !AS_BY_ITSELF.contains(name)) {
                    ignored.add(method + " " + setter.name());
                }
            }
        }
        Set<String> missing = new TreeSet<>();
        operations.forEach(operation ->
                operation.parameters().forEach(parameter -> missing.add(operation.name() + " " + parameter)));
        int all = missing.size();
        missing.removeAll(sent);
        missing.removeAll(EXPLAINED.keySet());
        report((all - missing.size()) + " of " + all + " query parameters and headers; " + setters + " setters tried");
        assertThat(ignored).as("setters that change nothing").isEmpty();
        assertThat(missing).as("parameters without a setter").isEmpty();
    }

    /** What only older versions know is tried on an old Engine. */
    private String call(GroupMethod method, Setter setter, Set<String> sent) {
        Consumer<Object> options = Samples.setsWhatIsNeeded().andThen(setter.change());
        try {
            return describe(call(docker, engine, method, options), sent);
        } catch (IllegalArgumentException refused) {
            return "refused: " + refused.getMessage();
        } catch (UnsupportedByEngine gone) {
            return describe(call(oldDocker, oldEngine, method, options), sent);
        }
    }

    /** One thing that can be said to a builder. */
    private record Setter(String name, Consumer<Object> change) {}

    /** Those of a builder of the model, and each key of its filters. */
    private static List<Setter> setters(@Nullable Class<?> builder) {
        List<Setter> setters = new ArrayList<>();
        if (builder == null || !builder.getName().startsWith("dev.fairlead.model.")) {
            return setters;
        }
        for (Method method : builder.getMethods()) {
            if (method.getReturnType() != builder || method.getParameterCount() == 0) {
                continue;
            }
            if (method.getParameterTypes()[0] != Consumer.class) {
                setters.add(new Setter(method.getName(), target -> set(method, target)));
            } else if (method.getName().equals("filters")) {
                Class<?> filters = Samples.argumentOf(method.getGenericParameterTypes()[0]);
                for (Method key : filters.getMethods()) {
                    if (key.getReturnType() == filters && key.getParameterCount() > 0) {
                        Consumer<Object> change = chosen -> set(key, chosen);
                        setters.add(
                                new Setter("filters." + key.getName(), target -> Samples.call(method, target, change)));
                    }
                }
            }
        }
        setters.sort(Comparator.comparing(Setter::name));
        return setters;
    }

    private static void set(Method setter, Object target) {
        Object[] values = Arrays.stream(setter.getGenericParameterTypes())
                .map(Samples::other)
                .toArray();
        Samples.call(setter, target, values);
    }

    /** What the requests say, and each query parameter, header and body field of theirs by name. */
    private String describe(List<Request> requests, Set<String> names) {
        StringBuilder text = new StringBuilder();
        for (Request request : requests) {
            Operation operation = Operation.of(operations, request.method(), request.path())
                    .orElseThrow(() -> new AssertionError("no operation of the Engine: " + request));
            request.query().keySet().forEach(name -> names.add(operation.name() + " query " + name));
            request.headers()
                    .keySet()
                    .forEach(name -> names.add(operation.name() + " header " + canonical(operation, name)));
            text.append(request)
                    .append(new LinkedHashMap<>(request.headers()))
                    .append(request.bodyText())
                    .append('\n');
        }
        return text.toString();
    }

    private static String canonical(Operation operation, String header) {
        return operation.parameters().stream()
                .filter(parameter -> parameter.equalsIgnoreCase("header " + header))
                .map(parameter -> parameter.substring("header ".length()))
                .findFirst()
                .orElse(header);
    }

    /** Kept where the build shows it. */
    private static void report(String line) {
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target", "surface.txt"),
                    line + "\n",
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new IllegalStateException(unwritable);
        }
        System.getLogger(SurfaceTest.class.getName()).log(System.Logger.Level.WARNING, line);
    }
}
