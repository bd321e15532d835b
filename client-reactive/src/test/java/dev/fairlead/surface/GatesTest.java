package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.UnsupportedByEngine;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What a version does not know is refused with nothing sent but the ping, and sent to a version that knows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private final Map<ApiVersion, FakeEngine> engines = new TreeMap<>();
    private final Map<ApiVersion, DockerClient> clients = new TreeMap<>();
    private Map<String, Set<GroupMethod>> methods = Map.of();

    static List<GatedCall> calls() {
        return GatedCall.all();
    }

    static List<Operation> lateOperations() {
        return Operation.all().stream()
                .filter(operation -> !operation.since().isEmpty()
                        && ApiVersion.parse(operation.since()).compareTo(ApiVersion.OLDEST) > 0)
                .toList();
    }

    @BeforeAll
    void start() throws IOException {
        for (ApiVersion version : GatedCall.versions()) {
            FakeEngine engine = SurfaceTest.scripted(folder.resolve(version + ".sock"), version.toString());
            engines.put(version, engine);
            clients.put(version, DockerClient.create(config -> config.host(engine.host())));
        }
        methods = methodsByOperation();
    }

    @AfterAll
    void stop() throws IOException {
        clients.values().forEach(DockerClient::close);
        for (FakeEngine engine : engines.values()) {
            engine.close();
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isRefusedOutsideOfItsVersionsAndSentWithin(GatedCall call) {
        List<ApiVersion> edges = call.edges();
        assertThat(edges).as("versions next to a gate").isNotEmpty();
        for (ApiVersion version : edges) {
            List<String> refused = call.refused(version);
            if (refused.isEmpty()) {
                assertThat(requests(version, call.on(client(version))))
                        .as("sent to " + version)
                        .isNotEmpty();
            } else {
                UnsupportedByEngine failure = refusal(version, call.method(), call.on(client(version)));
                // Where the operation itself is late, that is said, and nothing of its options.
                assertThat(failure.what())
                        .satisfiesAnyOf(what -> assertThat(what).isIn(refused), what -> assertThat(what)
                                .contains(" /"));
                assertThat(failure).hasMessageContaining(failure.what());
                assertThat(failure.inUse()).isEqualTo(version);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lateOperations")
    void aLateOperationIsRefusedByItsNameBefore(Operation operation) {
        assertThat(methodsOf(operation)).as("methods for " + operation.name()).isNotEmpty();
        ApiVersion since = ApiVersion.parse(operation.since());
        ApiVersion before = ApiVersion.of(since.major(), since.minor() - 1);
        for (GroupMethod method : methodsOf(operation)) {
            UnsupportedByEngine failure =
                    refusal(before, method, method.call(client(before), Samples.setsWhatIsNeeded()));
            assertThat(failure.what()).as(method.toString()).isEqualTo(operation.method() + " " + operation.path());
            assertThat(failure.firstWithIt()).isEqualTo(since);
        }
    }

    /** A gate of an operation that nobody has listed would go untested. */
    @Test
    void noOtherOperationIsRefusedByTheOldestVersion() {
        List<String> unlisted = new ArrayList<>();
        for (GroupMethod method : GroupMethod.all()) {
            boolean late = lateOperations().stream()
                    .anyMatch(operation -> methodsOf(operation).contains(method));
            Throwable failure = catchThrowable(() ->
                    requests(ApiVersion.OLDEST, method.call(client(ApiVersion.OLDEST), Samples.setsWhatIsNeeded())));
            if (!late
                    && failure instanceof UnsupportedByEngine refusal
                    && refusal.what().contains("/")) {
                unlisted.add(method + ": " + failure.getMessage());
            }
        }
        assertThat(unlisted).isEmpty();
    }

    private Set<GroupMethod> methodsOf(Operation operation) {
        return methods.getOrDefault(operation.name(), Set.of());
    }

    /** Which methods ask for which operation, by its name. */
    private Map<String, Set<GroupMethod>> methodsByOperation() {
        Map<String, Set<GroupMethod>> found = new HashMap<>();
        List<Operation> operations = Operation.all();
        for (GroupMethod method : GroupMethod.all()) {
            Publisher<?> call = method.call(client(ApiVersion.NEWEST), Samples.setsWhatIsNeeded());
            for (Request request : requests(ApiVersion.NEWEST, call)) {
                Operation.of(operations, request.method(), request.path())
                        .ifPresent(operation -> found.computeIfAbsent(operation.name(), name -> new LinkedHashSet<>())
                                .add(method));
            }
        }
        return found;
    }

    private FakeEngine engine(ApiVersion version) {
        return Objects.requireNonNull(engines.get(version));
    }

    private DockerClient client(ApiVersion version) {
        return Objects.requireNonNull(clients.get(version));
    }

    /** Fails unless it is refused with nothing sent. */
    private UnsupportedByEngine refusal(ApiVersion version, GroupMethod method, Publisher<?> publisher) {
        int before = engine(version).requests().size();
        Throwable failure = catchThrowable(() -> Flux.from(publisher).blockLast(LIMIT));
        assertThat(failure).as("with " + version).isInstanceOf(UnsupportedByEngine.class);
        assertThat(sentSince(version, before))
                .as("sent to " + version)
                // What is to be changed is known only when it was read.
                .allMatch(request -> method.method().getName().startsWith("updateWith")
                        && request.method().equals("GET"));
        return (UnsupportedByEngine) failure;
    }

    /** What is sent, whatever the answer; fails if it is refused. */
    private List<Request> requests(ApiVersion version, Publisher<?> publisher) {
        int before = engine(version).requests().size();
        var unused = Flux.from(publisher)
                .take(1)
                .onErrorComplete(failure -> !(failure instanceof UnsupportedByEngine))
                .blockLast(LIMIT);
        return sentSince(version, before);
    }

    private List<Request> sentSince(ApiVersion version, int before) {
        List<Request> all = engine(version).requests();
        return all.subList(before, all.size()).stream()
                .filter(request -> !request.path().endsWith("/_ping"))
                .toList();
    }
}
