package dev.fairlead.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DockerHostTest {
    static Stream<Arguments> hosts() {
        return Stream.of(
                Arguments.of(
                        "unix:///var/run/docker.sock", unix("/var/run/docker.sock"), "unix:///var/run/docker.sock"),
                Arguments.of("/var/run/docker.sock", unix("/var/run/docker.sock"), "unix:///var/run/docker.sock"),
                Arguments.of("UNIX:///x", unix("/x"), "unix:///x"),
                Arguments.of("unix://@docker", new DockerHost.AbstractUnix("docker"), "unix://@docker"),
                Arguments.of("tcp://h", tcp("h", 2375), "tcp://h:2375"),
                Arguments.of("tcp://h:", tcp("h", 2375), "tcp://h:2375"),
                Arguments.of("tcp://h:1/", tcp("h", 1), "tcp://h:1"),
                Arguments.of("tcp://my_host:65535", tcp("my_host", 65535), "tcp://my_host:65535"),
                Arguments.of("h:4243", tcp("h", 4243), "tcp://h:4243"),
                Arguments.of("http://h", tcp("h", 2375), "tcp://h:2375"),
                Arguments.of("tcp://[::1]", tcp("::1", 2375), "tcp://[::1]:2375"),
                Arguments.of("tcp://[fe80::1%eth0]:99", tcp("fe80::1%eth0", 99), "tcp://[fe80::1%25eth0]:99"),
                Arguments.of("tcp://[fe80::1%25eth0]", tcp("fe80::1%eth0", 2375), "tcp://[fe80::1%25eth0]:2375"),
                Arguments.of(
                        "tcp://h:2375/base/path//",
                        new DockerHost.Tcp("h", 2375, "/base/path", false),
                        "tcp://h:2375/base/path"),
                Arguments.of("https://h", new DockerHost.Tcp("h", 2376, "", true), "https://h:2376"),
                Arguments.of("https://h:443/b", new DockerHost.Tcp("h", 443, "/b", true), "https://h:443/b"),
                Arguments.of("ssh://h", new DockerHost.Ssh(null, "h", 0, ""), "ssh://h"),
                Arguments.of("ssh://me@h:22/", new DockerHost.Ssh("me", "h", 22, ""), "ssh://me@h:22"),
                Arguments.of(
                        "ssh://a@b@[::1]/run/d.sock",
                        new DockerHost.Ssh("a@b", "::1", 0, "/run/d.sock"),
                        "ssh://a@b@[::1]/run/d.sock"),
                Arguments.of(
                        "npipe:////./pipe/docker_engine",
                        new DockerHost.Npipe("//./pipe/docker_engine"),
                        "npipe:////./pipe/docker_engine"),
                Arguments.of(
                        "npipe://\\\\.\\pipe\\docker_engine",
                        new DockerHost.Npipe("//./pipe/docker_engine"),
                        "npipe:////./pipe/docker_engine"));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void parseReadsWhatDockerReadsAndItsOwnText(String text, DockerHost host, String canonical) {
        assertThat(DockerHost.parse(text)).isEqualTo(host).hasToString(canonical);
        assertThat(DockerHost.parse(canonical)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, it is empty",
                "foo, has no scheme",
                "unix:/var/run/docker.sock, has no scheme",
                "ftp://h, its scheme is none of",
                "unix://, names no socket",
                "unix:///, names no socket",
                "unix://@, names no socket",
                "unix://relative.sock, does not begin with a slash",
                "tcp://, names no host",
                "tcp://:2375, names no host",
                "tcp://h:0, no number from 1 to 65535",
                "tcp://h:65536, no number from 1 to 65535",
                "tcp://h:-1, no number from 1 to 65535",
                "tcp://h:٣, no number from 1 to 65535",
                "tcp://h:99999999999, no number from 1 to 65535",
                "tcp://::1:2375, has to be in brackets",
                "tcp://[::1:2375, bracket is not closed",
                "tcp://[::1]2375, something other than a port",
                "tcp://[h]:2375, no IPv6 address",
                "tcp://me@h, a user has no place",
                "tcp://h/a?b=c, a query or a fragment",
                "tcp://h/a#b, a query or a fragment",
                "` tcp://h`, a blank or a control character",
                "`tcp://h/a b`, a blank or a control character",
                "`tcp://h/\r\nX: y`, a blank or a control character",
                "ssh://me:secret@h, a password has no place",
                "ssh://-oProxyCommand=x, begins with a dash",
                "ssh://-l@h, begins with a dash",
                "ssh://@h, names no user",
                "npipe://, names no pipe"
            })
    void parseNamesTheTextAndWhatIsWrong(String text, String reason) {
        assertThatThrownBy(() -> DockerHost.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text.replace("secret", "***").replace("//me@", "//***@")
                        + "\" is no address of an Engine: ")
                .hasMessageContaining(reason);
    }

    @Test
    void nothingOfATcpHostBreaksOutOfALine() {
        assertThatThrownBy(() -> new DockerHost.Tcp("h\r\nX: y", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("control character");
        assertThatThrownBy(() -> new DockerHost.Tcp("h", 1, "/a b", false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static DockerHost unix(String path) {
        return new DockerHost.Unix(Path.of(path));
    }

    private static DockerHost tcp(String host, int port) {
        return new DockerHost.Tcp(host, port);
    }
}
