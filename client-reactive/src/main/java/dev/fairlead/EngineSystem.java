package dev.fairlead;

import dev.fairlead.internal.Http;
import dev.fairlead.internal.PingReader;
import dev.fairlead.model.EnginePing;
import dev.fairlead.model.SystemInfo;
import dev.fairlead.model.SystemVersion;
import reactor.core.publisher.Mono;

/** The Engine itself: whether it is there, what it is and what it has. */
public final class EngineSystem {

    private final Http http;

    EngineSystem(Http http) {
        this.http = http;
    }

    /**
     * Asks whether the Engine is there, and what it says of itself in passing. Engine operation {@code SystemPing}, which needs no API
     * version: the cheapest call there is.
     *
     * @return what the Engine said; fails when it answers with anything but success
     */
    public Mono<EnginePing> ping() {
        return http.get("/_ping").unversioned().head(PingReader::read);
    }

    /**
     * As {@link #ping()}, with an answer that has no body. Engine operation {@code SystemPingHead}. A refusal comes without the
     * Engine's reason.
     */
    public Mono<EnginePing> pingHead() {
        return http.head("/_ping").unversioned().head(PingReader::read);
    }

    /** The versions of the Engine and of its parts. Engine operation {@code SystemVersion}. */
    public Mono<SystemVersion> version() {
        return http.get("/version").as(SystemVersion.class);
    }

    /** What the Engine runs on, how it is set up and how much it holds. Engine operation {@code SystemInfo}. */
    public Mono<SystemInfo> info() {
        return http.get("/info").as(SystemInfo.class);
    }
}
