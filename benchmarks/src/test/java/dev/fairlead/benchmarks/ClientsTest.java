package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each client does what is measured; how fast is not looked at. */
final class ClientsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void clientAnswersEachRequest(ClientKind kind) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket, 3);
                Client client = kind.create(socket)) {
            client.pings(20, 1);
            client.pings(20, 4);
            client.inspects(3, 1);
            client.inspects(8, 4);
            assertThat(client.list()).isEqualTo(3);
            assertThat(engine.requests()).isGreaterThanOrEqualTo(20 + 20 + 3 + 8 + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientReadsEachByteOfTheLogs(ClientKind kind) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket, 0);
                Client client = kind.create(socket)) {
            long small = engine.frameBytes(128, 1);
            long large = engine.frameBytes(16 * 1024, 1);
            assertThat(client.logs("frames-128-1")).isEqualTo(small).isGreaterThan(800_000);
            assertThat(client.logs("frames-16384-1")).isEqualTo(large).isGreaterThan(800_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientKeepsFollowedLogsOpen(ClientKind kind) throws Exception {
        Path socket = folder.resolve("engine.sock");
        try (FakeEngine engine = FakeEngine.start(socket, 0);
                Client client = kind.create(socket)) {
            client.follow(5);
            assertThat(engine.connections()).isGreaterThanOrEqualTo(5);
            client.unfollow();
        }
    }
}
