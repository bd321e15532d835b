package dev.fairlead.benchmarks;

import dev.fairlead.core.tar.TarAttributes;
import dev.fairlead.core.tar.TarSource;
import dev.fairlead.core.tar.TarStream;
import dev.fairlead.core.wire.TarDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

/** A tar of 1 MiB, made of memory and read on its way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TarBenchmark {

    private static final int LENGTH = 1 << 20;

    /** The bytes of a file. */
    @Param({"1024", "1048576"})
    public int size;

    private final List<TarSource> files = new ArrayList<>();
    private final List<ByteBuffer> pieces = new ArrayList<>();

    /** Makes the files and their tar. */
    @Setup
    public void fill() throws IOException {
        byte[] content = Samples.content(size);
        TarAttributes attributes = new TarAttributes(0644, 0, 0, Instant.EPOCH);
        for (int file = 0; file < LENGTH / size; file++) {
            files.add(TarSource.file("folder/file-" + file, content, () -> attributes));
        }
        try (TarStream tar = TarSource.open(files)) {
            ByteBuffer piece = tar.next();
            while (piece != null) {
                pieces.add(piece);
                piece = tar.next();
            }
        }
    }

    /** Packs the files. */
    @Benchmark
    public void pack(Blackhole blackhole) throws IOException {
        try (TarStream tar = TarSource.open(files)) {
            ByteBuffer piece = tar.next();
            while (piece != null) {
                blackhole.consume(piece);
                piece = tar.next();
            }
        }
    }

    /** Hands the tar on and looks at its end. */
    @Benchmark
    public void read(Blackhole blackhole) {
        TarDecoder decoder = new TarDecoder("GET /containers/{id}/archive");
        for (ByteBuffer read : pieces) {
            ByteBuffer input = read.duplicate();
            ByteBuffer piece = decoder.next(input);
            while (piece != null) {
                blackhole.consume(piece);
                piece = decoder.next(input);
            }
        }
        blackhole.consume(decoder.end() == null);
    }
}
