package dev.fairlead.observation;

import dev.fairlead.ExchangeTraffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What the streams of one operation have moved: a sum of those that are over, and those that are open, which count themselves. */
final class StreamTally {

    private final Set<ExchangeTraffic> open = new HashSet<>();
    private long items;
    private long received;
    private long sent;
    private long gaps;

    /** Nothing is counted a second time for the meters: they read when somebody reads them. */
    void register(MeterRegistry registry, String operation, String engine) {
        Tags tags = Tags.of(EngineKeys.OPERATION, operation, EngineKeys.ENGINE, engine);
        Gauge.builder("fairlead.streams.open", this, StreamTally::open)
                .description("Streams, sessions and long calls under way")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("fairlead.streams.items", this, StreamTally::items)
                .description("Values that streams have given")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("fairlead.streams.received", this, StreamTally::received)
                .description("Bytes that streams have taken in")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("fairlead.streams.sent", this, StreamTally::sent)
                .description("Bytes that streams have sent")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        Gauge.builder("fairlead.streams.ahead", this, StreamTally::ahead)
                .description("Bytes that were read from sockets and wait for subscribers to ask for them")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("fairlead.streams.gaps", this, StreamTally::gaps)
                .description("Gaps that streams have told their subscribers of")
                .tags(tags)
                .register(registry);
    }

    synchronized void begin(ExchangeTraffic traffic) {
        open.add(traffic);
    }

    /** In one step, so that no reader sees a sum fall. */
    synchronized void end(ExchangeTraffic traffic) {
        if (open.remove(traffic)) {
            items += traffic.items();
            received += traffic.bytesReceived();
            sent += traffic.bytesSent();
        }
    }

    synchronized void gap() {
        gaps++;
    }

    private synchronized double open() {
        return open.size();
    }

    private synchronized double items() {
        return sum(ExchangeTraffic::items, items);
    }

    private synchronized double received() {
        return sum(ExchangeTraffic::bytesReceived, received);
    }

    private synchronized double sent() {
        return sum(ExchangeTraffic::bytesSent, sent);
    }

    private synchronized double ahead() {
        return sum(ExchangeTraffic::bytesAhead, 0);
    }

    private synchronized double gaps() {
        return gaps;
    }

    private double sum(ToLongFunction<ExchangeTraffic> figure, long over) {
        return over + open.stream().mapToLong(figure).sum();
    }
}
