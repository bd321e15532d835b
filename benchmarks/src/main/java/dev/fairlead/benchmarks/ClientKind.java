package dev.fairlead.benchmarks;

import java.nio.file.Path;

/** The clients that are compared. */
enum ClientKind {
    FAIRLEAD("Fairlead, native"),
    FAIRLEAD_JDK("Fairlead, JDK sockets"),
    HTTPCLIENT5("docker-java httpclient5"),
    ZERODEP("docker-java zerodep"),
    PLAIN("plain blocking socket");

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
            case FAIRLEAD -> new FairleadClient(socket, true);
            case FAIRLEAD_JDK -> new FairleadClient(socket, false);
            case HTTPCLIENT5 -> DockerJavaClient.onHttpClient5(socket);
            case ZERODEP -> DockerJavaClient.zerodep(socket);
            case PLAIN -> new PlainClient(socket);
        };
    }
}
