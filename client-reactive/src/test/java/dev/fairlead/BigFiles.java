package dev.fairlead;

import dev.fairlead.testing.LargeFile;
import dev.fairlead.testing.LeakGuard;
import dev.fairlead.testing.TarDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A program of its own with little memory: moves one large file by one call, and tells what that took. */
final class BigFiles {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private BigFiles() {}

    /**
     * Prints what the call gave, the hash of a file that came, and then figures: memory in KiB, processor time and time in
     * milliseconds, and the bytes that went to a disk.
     *
     * @param arguments the Engine, the call, what it is about, the file's MiB, and a path here if the call takes one
     */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        LeakGuard.take();
        LargeFile file = new LargeFile("large", Long.parseLong(arguments[3]));
        Path path = Path.of(arguments.length > 4 ? arguments[4] : "");
        long before;
        long start;
        long time;
        try (DockerClient docker = DockerClient.create(config -> config.host(arguments[0]))) {
            var unused = docker.apiVersion().block(LIMIT);
            Mono<String> call = call(docker, arguments[1], arguments[2], file, path);
            before = number("status", "VmRSS");
            start = System.nanoTime();
            System.out.println(call.block(LIMIT));
            time = System.nanoTime() - start;
        }
        int leaks = LeakGuard.take().size();
        Duration processor = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        System.out.println("before=" + before + " most=" + number("status", "VmHWM") + " after="
                + number("status", "VmRSS") + " leaks=" + leaks + " processor=" + processor.toMillis() + " time="
                + Duration.ofNanos(time).toMillis() + " written=" + number("io", "write_bytes"));
    }

    private static Mono<String> call(DockerClient docker, String call, String what, LargeFile file, Path path) {
        return switch (call) {
            case "copyIn" -> docker.containers().copyIn(what, "/", file.tar()).thenReturn("");
            case "copyOut" -> hash(docker.containers().copyOut(what, "/" + file.name()), file.length());
            case "export" -> hash(docker.containers().export(what), file.length());
            case "copyFromHost" ->
                docker.containers().copyFromHost(what, path, "/" + file.name()).thenReturn("");
            case "copyToHost" ->
                docker.containers().copyToHost(what, "/" + file.name(), path).map(Unpacked::toString);
            case "load" -> docker.images().load(file.image(what)).result().map(Object::toString);
            case "save" -> hash(docker.images().save(what), file.tarLength());
            default -> throw new IllegalArgumentException(call);
        };
    }

    private static Mono<String> hash(Flux<ByteBuffer> tar, long length) {
        TarDigest digest = new TarDigest(length);
        return tar.doOnNext(digest::take).then(Mono.fromSupplier(digest::sha256));
    }

    private static long number(String file, String name) throws IOException {
        return Files.readString(Path.of("/proc/self", file))
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
