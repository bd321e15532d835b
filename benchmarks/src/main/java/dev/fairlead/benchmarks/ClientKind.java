package dev.fairlead.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** The clients that are compared. */
enum ClientKind {
    FAIRLEAD("Fairlead, native"),
    FAIRLEAD_JDK("Fairlead, JDK sockets"),
    OBSERVED("Fairlead, native, observed"),
    HTTPCLIENT5("docker-java httpclient5"),
    ZERODEP("docker-java zerodep"),
    PLAIN("plain socket");

    private final String title;

    ClientKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it is what the ratios are to. */
    boolean isPeer() {
        return this == HTTPCLIENT5 || this == ZERODEP;
    }

    Client create(Path socket) {
        return switch (this) {
            case FAIRLEAD -> FairleadClient.withDefaults(socket);
            case FAIRLEAD_JDK -> FairleadClient.onJdkSockets(socket);
            case OBSERVED -> FairleadClient.observed(socket, new SimpleMeterRegistry());
            case HTTPCLIENT5 -> DockerJavaClient.onHttpClient5(socket);
            case ZERODEP -> DockerJavaClient.zerodep(socket);
            case PLAIN -> new PlainClient(socket);
        };
    }
}
