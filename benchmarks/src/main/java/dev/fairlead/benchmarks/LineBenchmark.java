package dev.fairlead.benchmarks;

import dev.fairlead.core.wire.LineAssembler;
import dev.fairlead.model.OutputLine;
import dev.fairlead.model.OutputSource;
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

/** The lines of 64 KiB of output that comes in pieces. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LineBenchmark {

    private static final int LENGTH = 64 * 1024;
    private static final int LINE = 128;

    /** The bytes of a piece: one ends inside of a line, the other with one. */
    @Param({"100", "16384"})
    public int piece;

    private ByteBuffer output = ByteBuffer.allocate(0);
    private final LineAssembler assembler = new LineAssembler(OutputSource.STDOUT, LineAssembler.LARGEST_LINE);

    /** Fills the buffer. */
    @Setup
    public void fill() {
        byte[] frame = Samples.frame(LINE);
        output = Samples.repeated(ByteBuffer.allocate(LINE).put(frame, 8, LINE).array(), LENGTH);
    }

    /** Each line as a value of its own. */
    @Benchmark
    public void lines(Blackhole blackhole) {
        ByteBuffer input = output.clear();
        int end = 0;
        while (end < output.capacity()) {
            end = Math.min(end + piece, output.capacity());
            input.limit(end);
            OutputLine line = assembler.next(input);
            while (line != null) {
                blackhole.consume(line);
                line = assembler.next(input);
            }
        }
    }
}
