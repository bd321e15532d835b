package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.internal.PingReader;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.AuthResponse;
import dev.fairlead.model.DataUsage;
import dev.fairlead.model.DataUsageOptions;
import dev.fairlead.model.EnginePing;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventsOptions;
import dev.fairlead.model.SystemInfo;
import dev.fairlead.model.SystemVersion;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The Engine itself: whether it is there, what it is and what it has. */
public final class EngineSystem {

    private final Http http;

    private final int eventBuffer;

    private final Duration responseTimeout;

    EngineSystem(Http http, int eventBuffer, Duration responseTimeout) {
        this.http = http;
        this.eventBuffer = eventBuffer;
        this.responseTimeout = responseTimeout;
    }

    /**
     * Asks whether the Engine is there, and what it says of itself in passing. Engine operation {@code SystemPing}, which needs no API
     * version: the cheapest call there is.
     *
     * @return what the Engine said; fails when it answers with anything but success
     */
    public Mono<EnginePing> ping() {
        return http.get("/_ping").unversioned().head(PingReader::read);
    }

    /**
     * As {@link #ping()}, with an answer that has no body. Engine operation {@code SystemPingHead}. A refusal comes without the
     * Engine's reason.
     */
    public Mono<EnginePing> pingHead() {
        return http.head("/_ping").unversioned().head(PingReader::read);
    }

    /** The versions of the Engine and of its parts. Engine operation {@code SystemVersion}. */
    public Mono<SystemVersion> version() {
        return http.get("/version").as(SystemVersion.class);
    }

    /** What the Engine runs on, how it is set up and how much it holds. Engine operation {@code SystemInfo}. */
    public Mono<SystemInfo> info() {
        return http.get("/info").as(SystemInfo.class);
    }

    /** What happens in the Engine from now on. Engine operation {@code SystemEvents}. As {@link #events(Consumer)}. */
    public Flux<EventMessage> events() {
        return events(options -> {});
    }

    /**
     * What happens in the Engine, and with {@code since} what happened before: the last 256 events at most. Engine operation
     * {@code SystemEvents}.
     *
     * <p>Completes at {@code until}, and without it when the Engine is stopped. Demand does not reach the socket: an Engine that can't
     * get rid of its events slows down for everybody. They are read at once, and {@link DockerConfig#eventBuffer()} of them may wait;
     * when more do, those that wait still come, and then the stream fails with {@link dev.fairlead.core.error.EventsLost}, which says
     * how many were lost. Events that happen at once may come out of order. Cancelling closes the connection.
     */
    public Flux<EventMessage> events(Consumer<EventsOptions.Builder> options) {
        return http.get("/events").options(EventsOptions.of(options)).eagerly(EventMessage.class, eventBuffer);
    }

    /** As {@link #eventSignals(Consumer, Reconnect)}, with {@link Reconnect#defaults()}. */
    public Flux<EventSignal> eventSignals(Consumer<EventsOptions.Builder> options) {
        return eventSignals(options, Reconnect.defaults());
    }

    /**
     * What happens in the Engine, over every loss of the connection and over restarts of the Engine; and where something may have been
     * missed, a {@link EventSignal.Gap} that says between which times and why. Engine operation {@code SystemEvents}.
     *
     * <ul>
     *   <li>A connection that is lost is made anew, as {@code reconnect} says; then {@link EventSignal.Reconnected} comes, after it a
     *       gap if there is one, and then what the Engine still remembers of the time between: of the last 256 events, whether they
     *       pass the filters or not. None comes twice.
     *   <li>With {@code since} the stream begins with a gap when the Engine does not remember as far back. Without it, events of the
     *       second before the subscription may come if the connection is lost in the first seconds.
     *   <li>Events that happen at once may come out of order.
     *   <li>With filters, more than 256 other events may have pushed the last one that passed them out of the Engine's memory. When the
     *       connection is lost then, a gap is told whether something is missing or not: nobody can know. Without filters that happens
     *       only where events happened at once with the last one that came.
     *   <li>Demand does not reach the socket: an Engine that can't get rid of its events slows down for everybody. They are read at
     *       once, and {@link DockerConfig#eventBuffer()} of them may wait, with the default about 30 MB. When more do, those that wait
     *       still come; what follows is lost until half of the buffer is free, counted, and told as one gap in its place.
     * </ul>
     *
     * <p>Completes at {@code until} by the Engine's clock, never otherwise. Fails when the first connection can't be made, when the
     * Engine refuses what is asked, when {@code reconnect} gives up, and when the client is closed. Cancelling closes the connection,
     * or stops waiting for the next one.
     *
     * <p>After each connection is made anew, and after the first with {@code since}, the Engine is asked once more, shortly, for how
     * far it remembers; that may hold up events for one second when it remembers too little, or nothing older.
     */
    public Flux<EventSignal> eventSignals(Consumer<EventsOptions.Builder> options, Reconnect reconnect) {
        EventSource source = new EventSource.OfEngine(http, responseTimeout);
        EventsOptions asked = EventsOptions.of(options);
        return new SignalBuffer(Flux.defer(() -> new ResumingEvents(source, asked, reconnect).signals()), eventBuffer)
                .doOnNext(signal -> {
                    if (signal instanceof EventSignal.Gap gap) {
                        http.gap(EventSource.OPERATION, gap.reason().name(), gap.lost());
                    }
                });
    }

    /**
     * What takes up the Engine's disk, in totals. Engine operation {@code SystemDataUsage}. It may take long: the Engine looks at all
     * files of all containers.
     *
     * <p>The totals are there whatever the API version: before 1.52 they are made of the lists that the Engine sends, which come as
     * their {@code items}.
     */
    public Mono<DataUsage> dataUsage() {
        return dataUsage(options -> {});
    }

    /** As {@link #dataUsage()}, for some kinds of objects only, or with all objects by {@code verbose(true)}. */
    public Mono<DataUsage> dataUsage(Consumer<DataUsageOptions.Builder> options) {
        DataUsageOptions asked = DataUsageOptions.of(options);
        return http.get("/system/df")
                .options(asked)
                .patient()
                .as(DataUsage.class)
                .map(usage -> new DataUsageTotals(asked).of(usage));
    }

    /**
     * Asks a registry whether it accepts credentials. Engine operation {@code SystemAuth}. The Engine keeps nothing of them.
     *
     * @return what the registry says, perhaps with a token to use from now on; fails when it refuses
     */
    public Mono<AuthResponse> auth(AuthConfig credentials) {
        return http.post("/auth")
                .idempotent()
                .body(credentials)
                .patient()
                .as(AuthResponse.class, AuthResponse.builder().build());
    }
}
