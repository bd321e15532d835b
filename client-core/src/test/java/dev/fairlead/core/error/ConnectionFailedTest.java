package dev.fairlead.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.core.host.DockerHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionFailedTest {
    private static final DockerHost UNIX = DockerHost.parse("unix:///run/docker.sock");
    private static final DockerHost TCP = DockerHost.parse("tcp://engine:2375");

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(
                        UNIX, new SocketException("No such file or directory"), "no socket at unix:///run", "running"),
                Arguments.of(UNIX, new NoSuchFileException("/run/docker.sock"), "no socket at", "running"),
                Arguments.of(
                        UNIX,
                        new IOException("connect(..) failed: No such file or directory: /run/docker.sock"),
                        "no socket at",
                        "running"),
                Arguments.of(UNIX, new SocketException("Permission denied"), "not allowed to open", "docker group"),
                Arguments.of(UNIX, new AccessDeniedException("/run/docker.sock"), "not allowed", "docker group"),
                Arguments.of(TCP, new ConnectException("Connection refused"), "tcp://engine:2375 refused", "running"),
                Arguments.of(TCP, new SocketTimeoutException("connect"), "did not answer in time", "firewall"),
                Arguments.of(TCP, new ConnectException("connection timed out after 3 ms"), "in time", "firewall"),
                Arguments.of(TCP, new UnknownHostException("engine"), "name in tcp://engine:2375", "spelled"),
                Arguments.of(TCP, new UnresolvedAddressException(), "is not known", "spelled"),
                Arguments.of(TCP, new SocketException("Too many open files"), "too many open files", "ulimit -n"),
                Arguments.of(
                        TCP,
                        new SSLException("not an SSL/TLS record: 485454502f"),
                        "speaks in clear, and was spoken to in TLS",
                        "tcp://"),
                Arguments.of(
                        TCP, new SSLException("Unsupported or unrecognized SSL message"), "speaks in clear", "tcp://"),
                Arguments.of(
                        TCP,
                        new SSLHandshakeException("PKIX path building failed"),
                        "no TLS connection to tcp://engine:2375: PKIX",
                        "certificates"),
                Arguments.of(UNIX, new SocketException("Unix domain path too long"), "too long", "100 bytes"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void knownCausesHaveASentenceAndAHint(DockerHost host, Throwable cause, String sentence, String hint) {
        Throwable wrapped = new IOException("connecting failed", cause);

        for (Throwable thrown : new Throwable[] {cause, wrapped}) {
            ConnectionFailed failed = ConnectionFailed.of(host, thrown);
            assertThat(failed).hasMessageContaining(sentence).hasCause(thrown);
            assertThat(failed.hint()).contains(hint);
            assertThat(failed.host()).isEqualTo(host.toString());
            assertThat(failed.status()).isZero();
        }
    }

    @Test
    void anUnknownCauseIsQuoted() {
        assertThat(ConnectionFailed.of(TCP, new IOException("no route to host")))
                .hasMessage("connect: no connection to tcp://engine:2375: no route to host");
        assertThat(ConnectionFailed.of(TCP, new IllegalStateException())).hasMessageContaining("IllegalStateException");
    }

    @Test
    void aRingOfCausesEnds() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(ConnectionFailed.of(TCP, first)).hasMessageContaining("first");
    }

    @Test
    void theMissingSocketOfARealSystemIsRecognised(@TempDir Path directory) {
        Path path = directory.resolve("docker.sock");

        Throwable cause = catchThrowable(() -> SocketChannel.open(UnixDomainSocketAddress.of(path)));

        assertThat(ConnectionFailed.of(new DockerHost.Unix(path), cause)).hasMessageContaining("there is no socket");
    }

    @Test
    void theClosedPortOfARealSystemIsRecognised() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        Throwable cause =
                catchThrowable(() -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));

        assertThat(ConnectionFailed.of(new DockerHost.Tcp("localhost", port), cause))
                .hasMessageContaining("refused the connection");
    }
}
