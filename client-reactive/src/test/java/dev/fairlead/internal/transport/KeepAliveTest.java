package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testing.FakeEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

/** The kernel watches over quiet TCP connections, as its own table of them shows. */
class KeepAliveTest {

    /** The table counts hundredths of seconds. */
    private static final int LONGEST = 30 * 100;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isOnForTcp(boolean nativeTransport) throws Exception {
        try (FakeEngine engine = FakeEngine.tcp().on("GET", "/quiet", exchange -> {
            exchange.startChunked(200, Map.of());
            exchange.awaitPeerClosed(TransportFixture.LIMIT);
        })) {
            Kind kind = nativeTransport ? Kind.TCP_EPOLL : Kind.TCP_JDK;
            Transport transport = new Transport(kind.settings(dev.fairlead.core.host.DockerHost.parse(engine.host())));
            LiveAnswer live = transport
                    .open(new EngineRequest("GET /quiet", "GET", "/quiet", Map.of(), Body.NONE, null))
                    .block(TransportFixture.LIMIT);
            Disposable reading = java.util.Objects.requireNonNull(live)
                    .values(new WholeBody(10, null))
                    .subscribe();
            assertThat(timers(engine.port())).isNotEmpty().allSatisfy(timer -> {
                String[] kindAndTime = timer.split(":", -1);
                assertThat(kindAndTime[0]).as("kind of timer").isEqualTo("02");
                assertThat(Integer.parseInt(kindAndTime[1], 16)).isBetween(1, LONGEST);
            });
            reading.dispose();
            transport.close();
        }
    }

    /** Of the connections to the port. */
    private static List<String> timers(int port) throws Exception {
        String remote = String.format(":%04X", port);
        // A socket of the sixth version may speak the fourth.
        return Stream.concat(
                        Files.readAllLines(Path.of("/proc/self/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/self/net/tcp6")).stream())
                .map(line -> line.trim().split(" +"))
                .filter(columns -> columns.length > 5 && columns[2].endsWith(remote) && columns[3].equals("01"))
                .map(columns -> columns[5])
                .toList();
    }
}
