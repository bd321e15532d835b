package dev.fairlead.observation;

import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import dev.fairlead.StreamGap;
import dev.fairlead.core.host.DockerHost;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Meters of the exchanges that have a connection of their own: streams, sessions, uploads and calls that may take long. By {@code
 * operation} and {@code engine}: {@code fairlead.streams.open} is how many there are, {@code fairlead.streams.items}, {@code
 * fairlead.streams.received} and {@code fairlead.streams.sent} are what all of them have moved so far, those that are open included.
 * {@code fairlead.streams.ahead} is what was read from the sockets of those that are open and waits for subscribers to ask for it,
 * {@code fairlead.streams.gaps} how often a stream of events or a resumed log told that something is missing.
 *
 * <p>Given to {@link dev.fairlead.DockerConfig.Builder#filter}. Several clients of one registry share one instance: a registry keeps
 * one meter of a name.
 */
public final class StreamMeters implements ExchangeFilter {

    private final MeterRegistry registry;
    private final Map<Stream, StreamTally> tallies = new ConcurrentHashMap<>();

    private StreamMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Meters in this registry. */
    public static StreamMeters of(MeterRegistry registry) {
        return new StreamMeters(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public Mono<ExchangeRequest> before(ExchangeRequest request) {
        if (request.hasOwnConnection()) {
            tally(request).begin(request.traffic());
        }
        return Mono.just(request);
    }

    @Override
    public void ended(ExchangeRequest request, ExchangeEnd end) {
        if (request.hasOwnConnection()) {
            tally(request).end(request.traffic());
        }
    }

    @Override
    public void gap(StreamGap gap) {
        tally(gap.operation(), gap.host()).gap();
    }

    private StreamTally tally(ExchangeRequest request) {
        return tally(request.operation(), request.host());
    }

    private StreamTally tally(String operation, DockerHost host) {
        Stream stream = new Stream(operation, EngineKeys.address(host));
        StreamTally known = tallies.get(stream);
        return known != null ? known : tallies.computeIfAbsent(stream, this::register);
    }

    private StreamTally register(Stream stream) {
        StreamTally tally = new StreamTally();
        tally.register(registry, stream.operation(), stream.engine());
        return tally;
    }

    private record Stream(String operation, String engine) {}
}
