package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.ssh.Ssh;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ssh is called with, word by word. */
class SshCommandTest {

    private static final Path LOCAL = Path.of("/tmp/fairlead-ssh-1/s0");

    private static SshCommand command(DockerHost host, Ssh settings) {
        Environment nowhere = new Environment(Map.of(), Path.of("/"), path -> false);
        return new SshCommand((DockerHost.Ssh) host, new SshAccess(settings, nowhere));
    }

    private static SshCommand command(String host) {
        return command(DockerHost.parse(host), Ssh.builder().build());
    }

    @Test
    void oneLoginForwardsASocket() {
        assertThat(command("ssh://me@far:2222/run/d.sock").forward(LOCAL))
                .containsExactly(("ssh -T -o BatchMode=yes -o ConnectTimeout=30 -o ControlMaster=no -o ControlPath=none"
                                + " -o ExitOnForwardFailure=yes -o StreamLocalBindUnlink=yes -N"
                                + " -L /tmp/fairlead-ssh-1/s0:/run/d.sock -l me -p 2222 -- far")
                        .split(" "));
        assertThat(command("ssh://far").forward(LOCAL))
                .containsSequence("-L", LOCAL + ":/var/run/docker.sock", "--", "far")
                .doesNotContain("-l", "-p");
    }

    @Test
    void oneProgramIsAConnection() {
        assertThat(command("ssh://[fe80::1%25eth0]").dialStdio())
                .containsExactly(
                        "ssh",
                        "-T",
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "ConnectTimeout=30",
                        "--",
                        "fe80::1%eth0",
                        "docker system dial-stdio");
        assertThat(command("ssh://far/run/d.sock").dialStdio())
                .last()
                .isEqualTo("docker --host unix:///run/d.sock system dial-stdio");
    }

    @Test
    void givenSettingsComeFirst() {
        Ssh settings = Ssh.of(ssh -> ssh.command("/opt/ssh")
                .configFile(Path.of("/etc/own"))
                .option("BatchMode", "no")
                .option("ProxyCommand", "nc -X 5 %h %p"));
        assertThat(command(DockerHost.parse("ssh://far"), settings).dialStdio())
                .startsWith(
                        "/opt/ssh", "-F", "/etc/own", "-o", "BatchMode=no", "-o", "ProxyCommand=nc -X 5 %h %p", "-T");
        assertThat(settings.toString()).doesNotContain("nc -X");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/a b,'unix:///a b'",
                "/a;reboot,'unix:///a;reboot'",
                "/$(reboot),'unix:///$(reboot)'",
                "/it's,'unix:///it'\\''s'",
                "/a`b`,'unix:///a`b`'",
                "/%h,'unix:///%h'",
                "/${HOME},'unix:///${HOME}'"
            })
    void aPathIsOneWordOverThereAndNotForwardedIfItMeansMore(String path, String word) {
        SshCommand command =
                command(new DockerHost.Ssh(null, "far", 0, path), Ssh.builder().build());
        assertThat(command.dialStdio()).last().isEqualTo("docker --host " + word + " system dial-stdio");
        assertThat(command.canForward(LOCAL)).isFalse();
    }

    // Without the values: some are not for a log.
    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "-oProxyCommand=x",
                "",
                "a b",
                "a\nb",
                "a\tb",
                "a;b",
                "a$(b)",
                "a`b`",
                "a'b",
                "a\"b",
                "a|b",
                "a&b",
                "a>b",
                "a\\b",
                "a/b",
                "a@b",
                "a{b",
                "a\u0000b"
            })
    void aNameThatMeansMoreIsRefused(String name) {
        for (DockerHost.Ssh host :
                new DockerHost.Ssh[] {new DockerHost.Ssh(null, name, 0, ""), new DockerHost.Ssh(name, "far", 0, "")}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> command(host, Ssh.builder().build()))
                    .withMessageStartingWith("host: the ");
        }
    }

    // Without the values: some are not for a log.
    @ParameterizedTest(name = "{index}")
    @ValueSource(strings = {"/a\nb", "/a\rb", "/a\u0000b", "/a\u001bb"})
    void aPathWithAControlCharacterIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command(
                        new DockerHost.Ssh(null, "far", 0, path), Ssh.builder().build()))
                .withMessageContaining("host: the path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://-oProxyCommand=x", "ssh://-l@far", "ssh://me:secret@far", "ssh://"})
    void anAddressLikeThatIsNone(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DockerHost.parse(address))
                .withMessageNotContaining("secret");
    }

    @Test
    void badSettingsNameTheArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ssh.of(ssh -> ssh.option("-o", "x")))
                .withMessageContaining("name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ssh.of(ssh -> ssh.option("ProxyCommand", "hush\nhush")))
                .withMessageContaining("value")
                .withMessageNotContaining("hush");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ssh.of(ssh -> ssh.loginTimeout(java.time.Duration.ZERO)))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ssh.of(ssh -> ssh.command(" ")))
                .withMessageContaining("program");
    }
}
