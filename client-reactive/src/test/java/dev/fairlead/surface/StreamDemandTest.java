package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.Transfer;
import dev.fairlead.surface.FloodedCall.Frames;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Demand reaches the socket on every stream: whatever method of a group gives one, what the client reads ahead of its subscriber is
 * at most 256 KiB, however fast the Engine sends and however long its frames are.
 *
 * <p>What the kernel holds is not the client's and not counted. A new method that gives a {@code Flux}, or a value with a method that
 * does, is tried here without being named; one whose answer is read as a whole has to be named below.
 */
@Timeout(120)
class StreamDemandTest {

    /** What the README and the Javadoc promise. */
    private static final long BOUND = 256 * 1024;

    /** One JSON array each, read whole by a pooled call; by name, in any group and with any parameters. */
    private static final Set<String> LISTS = Set.of(
            "list",
            "changes",
            "checkpoints",
            "history",
            "search",
            "attestations",
            "privileges",
            "containers.remove",
            "images.remove");

    /** Read at once and kept in a buffer whose overflow is told, because a reader that stalls slows the Engine down. */
    private static final Set<String> EAGER = Set.of("system.events", "system.eventSignals");

    /** A method that gives a stream, or a value that gives one. */
    record Streaming(GroupMethod method, @Nullable Method inside) implements Function<DockerClient, Publisher<?>> {

        @Override
        public Publisher<?> apply(DockerClient client) {
            Publisher<?> publisher = method.call(client, Samples.setsWhatIsNeeded());
            Method taken = inside;
            return taken == null
                    ? publisher
                    : Mono.from(publisher).flatMapMany(value -> (Publisher<?>) Samples.call(taken, value));
        }

        boolean givesFrames() {
            Method last = inside == null ? method.method() : inside;
            return last.getGenericReturnType().getTypeName().contains("OutputFrame");
        }

        @Override
        public String toString() {
            return method + (inside == null ? "" : " ." + inside.getName() + "()");
        }
    }

    private static List<Streaming> streams() {
        return GroupMethod.all().stream().flatMap(StreamDemandTest::of).toList();
    }

    private static Stream<Streaming> of(GroupMethod method) {
        String name = method.method().getName();
        String full = (method.group() == null ? "" : method.group().getName() + ".") + name;
        if (LISTS.contains(name) || LISTS.contains(full) || EAGER.contains(full)) {
            return Stream.of();
        }
        Class<?> returned = method.method().getReturnType();
        // Of a transfer the messages are tried: its snapshots are read at once, and one of them is kept.
        return Flux.class.isAssignableFrom(returned) || returned == Transfer.class
                ? Stream.of(new Streaming(method, null))
                : streamsInside(method.method().getGenericReturnType()).map(inside -> new Streaming(method, inside));
    }

    /** The streams that a value of ours gives, if the method gives such a value. */
    private static Stream<Method> streamsInside(Type returned) {
        if (returned instanceof ParameterizedType mono
                && mono.getActualTypeArguments()[0] instanceof Class<?> value
                && value.getPackageName().equals("dev.fairlead")) {
            return Arrays.stream(value.getMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers())
                            && Flux.class.isAssignableFrom(method.getReturnType()));
        }
        return Stream.of();
    }

    /**
     * All at once, as each spends its time waiting for nothing to happen; but begun one after the other: two threads that meet in
     * Jackson, where it looks at a type for the first time, wait for each other, and one of them may be an event loop.
     */
    @ParameterizedTest
    @CsvSource({"MANY, true", "MANY, false", "ENDLESS, true", "ENDLESS, false"})
    void readsNoFurtherThanItSays(Frames frames, boolean nativeTransport) throws Exception {
        List<Streaming> tried = streams().stream()
                .filter(stream -> frames == Frames.MANY || stream.givesFrames())
                .toList();
        assertThat(tried).isNotEmpty();
        ExecutorService threads = Executors.newFixedThreadPool(tried.size());
        List<Future<String>> results = new ArrayList<>();
        try {
            for (Streaming stream : tried) {
                FloodedCall call = new FloodedCall(frames, nativeTransport);
                call.start(stream);
                results.add(threads.submit(() -> measured(stream, call)));
            }
            List<String> failures = new ArrayList<>();
            for (Future<String> result : results) {
                if (!result.get().isEmpty()) {
                    failures.add(result.get());
                }
            }
            assertThat(failures).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is wrong with the stream, or nothing. */
    private static String measured(Streaming stream, FloodedCall begun) {
        try (FloodedCall call = begun) {
            for (int more : new int[] {0, 1, 30}) {
                assertThat(call.readAhead(more)).as("ahead after %s more", more).isLessThanOrEqualTo(BOUND);
            }
            call.awaitClosedByCancel();
            return "";
        } catch (AssertionError | Exception failure) {
            return stream + ": " + failure;
        }
    }

    @Test
    void knowsTheStreams() {
        assertThat(streams())
                .extracting(stream -> stream.method().method().getName())
                .contains("logs", "stats", "attach", "attachWebSocket", "start", "run", "export", "copyOut")
                .contains("save", "saveAll", "pull", "push", "build", "load", "session", "grpc");
    }

    /** What this test is there to find, found. */
    @Test
    void findsAnOperatorThatKeepsMore() throws Exception {
        try (FloodedCall call = new FloodedCall(Frames.MANY, true)) {
            call.start(docker -> docker.containers().logs("x").publishOn(Schedulers.parallel()));
            assertThat(call.readAhead(1)).isGreaterThan(BOUND);
        }
    }
}
