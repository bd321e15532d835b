package dev.fairlead.benchmarks;

import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.wire.JsonSequenceDecoder;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** JSON of answers and of streams. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {

    private static final int READ = 64 * 1024;

    private final byte[] inspect = Samples.inspect();
    private final byte[] list = Samples.list(1000);
    private final ByteBuffer events = Samples.repeated(Samples.event(), READ);
    private final JsonReader<ContainerInspectResponse> inspectReader = Json.readerFor(ContainerInspectResponse.class);
    private final JsonReader<List<ContainerSummary>> listReader = Json.listReaderFor(ContainerSummary.class);
    private final JsonSequenceDecoder<EventMessage> decoder =
            new JsonSequenceDecoder<>("GET /events", Json.readerFor(EventMessage.class));

    /** One container, all of it. */
    @Benchmark
    public ContainerInspectResponse inspect() {
        return inspectReader.read("inspect", inspect, 0, inspect.length);
    }

    /** A list of 1,000 containers. */
    @Benchmark
    public List<ContainerSummary> listOfThousand() {
        return listReader.read("list", list, 0, list.length);
    }

    /** The events of one read of 64 KiB. */
    @Benchmark
    public void events(Blackhole blackhole) {
        ByteBuffer input = events.rewind();
        EventMessage event = decoder.next(input);
        while (event != null) {
            blackhole.consume(event);
            event = decoder.next(input);
        }
    }
}
