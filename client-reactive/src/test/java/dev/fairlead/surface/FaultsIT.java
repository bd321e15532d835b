package dev.fairlead.surface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import dev.fairlead.RawConnection;
import dev.fairlead.RegistryCredentials;
import dev.fairlead.Session;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.testing.FaultProxy;
import dev.fairlead.testing.FaultProxy.Fault;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.RealEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Every operation that gives one answer, found by reflection, under every fault of {@link FaultProxy}: it ends in time and with an error
 * that says what happened, or with its answer where the fault does no harm; then the same client's next calls go well, and it leaves no
 * connection.
 */
@NewestEngine
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class FaultsIT {

    private static final Duration RESPONSE_TIMEOUT = Duration.ofMillis(500);

    /** Several requests one after the other, each with its time-out, on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofSeconds(25);

    /** Of one request with a time-out, on a machine that is busy: its limit, and what the test's own work may take from it. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** As many as there are calls at a time: what waits for one has a time-out of its own. */
    private static final int CONNECTIONS = 64;

    /** What has no time-out by design is ended by a cancel after so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Faults under which nobody says that anything is wrong; of a garbled head the end may be missing. */
    private static final Set<Fault> QUIET = EnumSet.of(Fault.STALL, Fault.SILENCE, Fault.HALF_OPEN, Fault.GARBLE_BODY);

    /** Faults that do no harm but take time. */
    private static final Set<Fault> HARMLESS = EnumSet.of(Fault.NONE, Fault.DELAY, Fault.TRICKLE);

    /** Faults after which nothing can have been answered. */
    private static final Set<Fault> DEADLY = EnumSet.of(Fault.CUT_AT_ONCE, Fault.REFUSE, Fault.GARBLE_HEAD);

    /** Faults that come after some bytes. */
    private static final Set<Fault> COUNTING =
            EnumSet.of(Fault.CUT, Fault.RESET, Fault.STALL, Fault.HALF_OPEN, Fault.GARBLE_BODY);

    /** In the middle of the head, and in the middle of most bodies. */
    private static final int[] CUTS = {20, 250};

    private static RealEngine engine;

    @TempDir
    static Path folder;

    /** Its own: what is tried may make it a node of a swarm, and prunes it. */
    @BeforeAll
    static void start() {
        engine = RealEngine.another();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    /** How one call ended. */
    private record Result(GroupMethod method, String how, boolean wasSent, boolean mayBeQuiet, String failure) {}

    @ParameterizedTest
    @EnumSource
    void endsEachCallInTime(Fault fault) throws Exception {
        try (FaultProxy proxy = FaultProxy.tcp(engine.host())) {
            for (int after : CUTS) {
                under(proxy, fault, after);
                if (!COUNTING.contains(fault)) {
                    break;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "CUT_AT_ONCE", "SILENCE"})
    void doesSoOnUnixSockets(Fault fault) throws Exception {
        try (FaultProxy proxy = FaultProxy.unix(folder.resolve(fault + ".sock"), engine.host())) {
            under(proxy, fault, 250);
        }
    }

    private static void under(FaultProxy proxy, Fault fault, int after) throws Exception {
        Seen seen = new Seen();
        try (DockerClient docker = DockerClient.create(config -> config.host(proxy.host())
                .responseTimeout(HARMLESS.contains(fault) ? LIMIT : RESPONSE_TIMEOUT)
                .maxConnections(CONNECTIONS)
                .credentials(RegistryCredentials.none())
                .filter(seen))) {
            assertThat(docker.apiVersion().block(LIMIT)).isNotNull();
            proxy.set(fault, after);
            List<Result> results = Flux.fromIterable(operations())
                    .flatMap(method -> result(docker, method, fault), CONNECTIONS)
                    .collectList()
                    .block(Duration.ofSeconds(60));
            proxy.set(Fault.NONE, 0);
            List<String> wrong = new ArrayList<>();
            Map<String, Integer> counts = new TreeMap<>();
            for (Result result : java.util.Objects.requireNonNull(results)) {
                counts.merge(result.how(), 1, Integer::sum);
                if (isWrong(result, fault)) {
                    wrong.add(result.toString());
                }
            }
            Duration longest = Duration.ofNanos(seen.longest.get());
            System.out.println(fault + " after " + after + ": " + counts + ", longest " + longest.toMillis() + " ms");
            assertThat(wrong).isEmpty();
            if (!HARMLESS.contains(fault)) {
                assertThat(longest).isLessThan(LONGEST);
            }
            assertThat(results).hasSizeGreaterThan(80);
            assertThat(Flux.range(0, 50)
                            .flatMap(call -> docker.system().ping(), 50)
                            .count()
                            // A busy machine may take half a second for one: nothing else may be wrong with it.
                            .retryWhen(Retry.max(10).filter(late -> String.valueOf(late.getMessage())
                                    .contains("no answer within " + RESPONSE_TIMEOUT.toMillis() + " ms")))
                            .block(LIMIT))
                    .isEqualTo(50);
            assertThat(seen.open).as("exchanges without an end").hasValue(0);
            // What rests in the pool, and nothing else.
            await(() -> proxy.connections() <= CONNECTIONS);
        }
        await(() -> proxy.connections() == 0);
    }

    private static List<GroupMethod> operations() {
        return GroupMethod.all().stream()
                .filter(method -> Mono.class.isAssignableFrom(method.method().getReturnType())
                        || method.method().getName().equals("list"))
                .toList();
    }

    private static boolean isWrong(Result result, Fault fault) {
        if (!result.wasSent()) {
            return !result.how().equals("refused before");
        }
        return switch (result.how()) {
            case "answered" -> DEADLY.contains(fault) || fault == Fault.SILENCE;
            case "error of the Engine" -> DEADLY.contains(fault) || fault == Fault.SILENCE;
            case "error of the connection" -> HARMLESS.contains(fault);
            case "cancelled" -> !result.mayBeQuiet() || !QUIET.contains(fault);
            default -> true;
        };
    }

    private static Mono<Result> result(DockerClient docker, GroupMethod method, Fault fault) {
        Publisher<?> call;
        try {
            call = method.call(docker, Samples.setsWhatIsNeeded());
        } catch (IllegalArgumentException refused) {
            return Mono.just(new Result(method, "refused before", false, false, refused.toString()));
        }
        Call of = new Call();
        Mono<Void> ended = Flux.from(call).doOnNext(FaultsIT::close).then();
        if (QUIET.contains(fault)) {
            ended = ended.timeout(
                    PATIENCE, Mono.defer(() -> of.isQuiet ? Mono.error(new TimeoutException()) : Mono.never()));
        }
        return ended.timeout(LIMIT, Mono.error(new AssertionError("no end within " + LIMIT)))
                .thenReturn("answered")
                .map(how -> new Result(method, how, true, of.isQuiet, ""))
                .onErrorResume(failure -> Mono.just(
                        new Result(method, how(failure, of), of.sent.get() > 0, of.isQuiet, failure.toString())))
                .contextWrite(context -> context.put(Call.class, of));
    }

    private static String how(Throwable failure, Call of) {
        if (failure instanceof TimeoutException) {
            return "cancelled";
        }
        if (of.sent.get() == 0 && (failure instanceof IllegalArgumentException || failure instanceof DockerException)) {
            return "refused before";
        }
        if (failure instanceof ConnectionFailed || failure instanceof Truncated || failure instanceof ProtocolFailure) {
            return "error of the connection";
        }
        return failure instanceof DockerException ? "error of the Engine" : "untyped";
    }

    private static void close(Object value) {
        if (value instanceof Session session) {
            session.close();
        } else if (value instanceof RawConnection connection) {
            connection.close();
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(limit);
            Thread.onSpinWait();
        }
    }

    /** What is known of one call. */
    private static final class Call {
        private final AtomicInteger sent = new AtomicInteger();
        private volatile boolean isQuiet;
    }

    /** Finds out for each call whether something was sent, and whether that has a time-out. */
    private static final class Seen implements ExchangeFilter {

        private static final String BEGUN = "begun";

        private final AtomicInteger open = new AtomicInteger();
        private final AtomicLong longest = new AtomicLong();

        @Override
        public Mono<ExchangeRequest> before(ExchangeRequest request) {
            open.incrementAndGet();
            Call call = request.context().getOrDefault(Call.class, null);
            if (call != null) {
                call.sent.incrementAndGet();
                call.isQuiet = request.hasOwnConnection();
            }
            return Mono.just(request.with(BEGUN, System.nanoTime()));
        }

        @Override
        public void ended(ExchangeRequest request, ExchangeEnd end) {
            if (!request.hasOwnConnection()) {
                long took = System.nanoTime() - request.context().<Long>get(BEGUN);
                longest.accumulateAndGet(took, Math::max);
            }
            open.decrementAndGet();
        }
    }
}
