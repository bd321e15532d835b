package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.model.AuthConfig;
import dev.fairlead.model.ContainersDiskUsage;
import dev.fairlead.model.DataUsage;
import dev.fairlead.model.DataUsageType;
import dev.fairlead.model.EventActor;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.EventType;
import dev.fairlead.testing.RealEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class EngineAtLargeIT extends EngineTest {

    /** What a client of HTTP/2 says first. */
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    EngineAtLargeIT(RealEngine engine) {
        super(engine);
    }

    @Test
    void eventsTellWhatHappened() {
        Instant before = Instant.now().minusSeconds(1);
        String id = ended("true");

        List<EventMessage> events = all(docker.system().events(which -> which.since(before)
                .until(Instant.now().plusSeconds(1))
                .filters(filters -> filters.type(EventType.CONTAINER).container(id))));

        assertThat(events).extracting(EventMessage::action).contains("create", "start", "die");
        assertThat(events)
                .allSatisfy(event ->
                        assertThat(Objects.requireNonNull(event.actor()).id()).isEqualTo(id));
    }

    @Test
    void eventsComeWhenTheyHappen() {
        String id = create("true");
        Flux<EventMessage> events = docker.system()
                .events(which -> which.filters(filters -> filters.container(id).event("rename")));

        EventMessage event = get(events.next()
                .zipWith(Flux.interval(java.time.Duration.ofMillis(200))
                        .onBackpressureDrop()
                        .concatMap(tick -> docker.containers().rename(id, "fairlead-renamed-" + tick))
                        .takeUntilOther(events.next())
                        .then()
                        .thenReturn(true))
                .map(both -> both.getT1()));

        EventActor actor = Objects.requireNonNull(event.actor());
        assertThat(actor.attributes().get("name")).startsWith("fairlead-renamed-");
    }

    @Test
    void dataUsageHasTotalsOnEveryEngine() {
        String id = ended("head -c 100000 /dev/zero > /large");

        DataUsage usage = get(docker.system().dataUsage());

        assertThat(Objects.requireNonNull(usage.imageUsage()).totalCount()).isPositive();
        assertThat(Objects.requireNonNull(usage.imageUsage()).totalSize()).isPositive();
        ContainersDiskUsage containers = Objects.requireNonNull(usage.containerUsage());
        assertThat(containers.totalCount()).isPositive();
        assertThat(containers.reclaimable()).isGreaterThanOrEqualTo(100_000);
        assertThat(usage.volumeUsage()).isNotNull();
        assertThat(usage.buildCacheUsage()).isNotNull();
        assertThat(id).isNotEmpty();
    }

    @Test
    void dataUsageMeasuresOnlyWhatWasAskedFor() {
        since(42, client -> client.system().dataUsage(what -> what.type(DataUsageType.VOLUME)));
        if (has(42)) {
            DataUsage usage = get(docker.system().dataUsage(what -> what.type(DataUsageType.VOLUME)));
            assertThat(usage.volumeUsage()).isNotNull();
            assertThat(usage.containerUsage()).isNull();
        }
        since(52, client -> client.system().dataUsage(what -> what.verbose(true)));
    }

    @Test
    void authFailsWithoutTellingThePassword() {
        AuthConfig credentials = AuthConfig.builder()
                .username("somebody")
                .password("do-not-tell")
                .serverAddress("127.0.0.1:1")
                .build();

        DockerException failure = failure(DockerException.class, docker.system().auth(credentials));

        assertThat(failure.toString()).doesNotContain("do-not-tell");
        assertThat(credentials.toString()).doesNotContain("do-not-tell");
    }

    @Test
    void sessionLetsTheEngineSpeakFirst() {
        RawConnection session = get(docker.session("fairlead-session", offer -> offer.name("test")
                .methods("/grpc.health.v1.Health/Check", "/moby.filesync.v1.Auth/FetchToken")));

        assertThat(read(session, PREFACE.length())).isEqualTo(PREFACE);
    }

    @Test
    void grpcSpeaksHttp2() {
        RawConnection grpc = get(docker.grpc());
        // The preface and empty settings; a server answers with settings of its own.
        ByteBuffer hello = ByteBuffer.allocate(64);
        hello.put(PREFACE.getBytes(StandardCharsets.US_ASCII)).put(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        done(grpc.write(Flux.just(hello.flip())));

        assertThat(read(grpc, 4)).hasSize(4).endsWith("\u0004");
    }

    /** So many of the first bytes. */
    private static String read(RawConnection connection, int length) {
        StringBuilder all = new StringBuilder();
        done(connection
                .input()
                .doOnNext(bytes -> all.append(StandardCharsets.ISO_8859_1.decode(bytes)))
                .takeUntil(bytes -> all.length() >= length)
                .then());
        return all.substring(0, Math.min(length, all.length()));
    }
}
