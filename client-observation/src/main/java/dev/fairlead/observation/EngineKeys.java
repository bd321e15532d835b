package dev.fairlead.observation;

import dev.fairlead.ExchangeRequest;
import dev.fairlead.core.host.DockerHost;

/** How the Engine is named in keys: as many values as a program has Engines. */
final class EngineKeys {

    static final String OPERATION = "operation";
    static final String ENGINE = "engine";

    private EngineKeys() {}

    /** The address, without what comes before each path: for a reverse proxy that may be as good as a password. */
    static String address(DockerHost host) {
        return host instanceof DockerHost.Tcp tcp
                ? new DockerHost.Tcp(tcp.host(), tcp.port(), "", tcp.secure()).toString()
                : host.toString();
    }

    /** The path of the API, as it is sent. */
    static String path(ExchangeRequest request) {
        return request.host() instanceof DockerHost.Tcp tcp
                ? request.path().substring(tcp.basePath().length())
                : request.path();
    }

    /** How it is reached: {@code unix}, {@code tcp}, {@code tls}, {@code ssh} or {@code npipe}. */
    static String kind(DockerHost host) {
        if (host instanceof DockerHost.Tcp tcp) {
            return tcp.secure() ? "tls" : "tcp";
        }
        if (host instanceof DockerHost.Ssh) {
            return "ssh";
        }
        return host instanceof DockerHost.Npipe ? "npipe" : "unix";
    }
}
