package dev.fairlead;

import dev.fairlead.testing.LeakGuard;
import java.io.File;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A program of its own that makes clients, uses them, closes them and ends. */
final class ClosedProgram {

    private ClosedProgram() {}

    /**
     * Prints how many threads and files a client has left behind after the first one, and returns: the JVM has to end by itself.
     *
     * @param arguments the Engine
     */
    public static void main(String[] arguments) throws Exception {
        LeakGuard.take();
        // The first one starts what it shares with all others: event loops, timers.
        use(arguments[0]);
        Set<String> threads = threads();
        int files = files();
        for (int round = 0; round < 20; round++) {
            use(arguments[0]);
        }
        Set<String> more = threads();
        more.removeAll(threads);
        // Loops close what they are told to in their own time, and the JVM itself has a file open now and then.
        long limit = System.nanoTime() + 5_000_000_000L;
        int left = files() - files;
        while (left > 0 && System.nanoTime() < limit) {
            Thread.onSpinWait();
            left = files() - files;
        }
        long lasting = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                .filter(thread -> !thread.getName().equals("DestroyJavaVM"))
                .count();
        System.out.println("threads="
                + more.stream()
                        .filter(name -> !name.startsWith("reactor-") && !name.startsWith("parallel-"))
                        .count()
                + " files=" + Math.max(0, left) + " lasting=" + lasting + " leaks="
                + LeakGuard.take().size());
    }

    private static void use(String host) throws Exception {
        DockerClient docker = DockerClient.create(config -> config.host(host).filter(new ExchangeFilter() {}));
        Flux.range(0, 10).flatMap(call -> docker.system().ping(), 10).then().block(UnderWay.LIMIT);
        var streams = Flux.fromArray(UnderWay.values())
                .flatMap(kind -> Mono.when(kind.on(docker)).onErrorComplete(), 100)
                .then()
                .toFuture();
        var unused = docker.containers().logs("x").blockFirst(UnderWay.LIMIT);
        docker.close();
        streams.get(10, java.util.concurrent.TimeUnit.SECONDS);
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int files() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
