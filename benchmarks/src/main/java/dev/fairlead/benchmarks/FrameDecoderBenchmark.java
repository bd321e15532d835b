package dev.fairlead.benchmarks;

import dev.fairlead.core.wire.FrameDecoder;
import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The frames of one read of 64 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameDecoderBenchmark {

    private static final int READ = 64 * 1024 + 64;

    /** The bytes of a frame's payload. */
    @Param({"128", "16384"})
    public int size;

    private ByteBuffer read = ByteBuffer.allocate(0);
    private final FrameDecoder decoder = new FrameDecoder("GET /containers/{id}/logs");

    /** Fills the buffer. */
    @Setup
    public void fill() {
        read = Samples.repeated(Samples.frame(size), READ);
    }

    /** Each frame as a value of its own. */
    @Benchmark
    public void frames(Blackhole blackhole) {
        ByteBuffer input = read.rewind();
        OutputFrame frame = decoder.next(input);
        while (frame != null) {
            blackhole.consume(frame);
            frame = decoder.next(input);
        }
    }
}
