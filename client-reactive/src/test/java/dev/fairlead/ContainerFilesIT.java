package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.FilesystemChange;
import dev.fairlead.model.PathStat;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Tar;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ContainerFilesIT extends EngineTest {

    ContainerFilesIT(RealEngine engine) {
        super(engine);
    }

    private static Flux<ByteBuffer> tar(Tar tar) {
        return Flux.defer(() -> Flux.just(tar.end()));
    }

    @Test
    void changesListsWhatWasMadeAndDeleted() {
        String id = ended("echo hello > /new; rm /etc/group");

        assertThat(all(docker.containers().changes(id)))
                .extracting(FilesystemChange::path, FilesystemChange::kind)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("/new", 1), org.assertj.core.groups.Tuple.tuple("/etc", 0));
    }

    @Test
    void changesIsEmptyForAnUntouchedContainer() {
        assertThat(all(docker.containers().changes(create("true")))).isEmpty();
    }

    @Test
    void exportPacksAllFiles() {
        String id = ended("echo hello > /new");

        assertThat(Tar.read(all(docker.containers().export(id)))).containsEntry("new", "hello\n");
        failure(NotFound.class, docker.containers().export("missing"));
    }

    @Test
    void copiesInAndOut() {
        String id = create("true");

        done(docker.containers()
                .copyIn(
                        id,
                        "/tmp",
                        tar(new Tar().directory("a").file("a/b", "content\n").file("c", ""))));

        assertThat(Tar.read(all(docker.containers().copyOut(id, "/tmp/a"))))
                .containsEntry("a/", "")
                .containsEntry("a/b", "content\n")
                .hasSize(2);
    }

    @Test
    void copiesMoreThanFitsIntoAnyBuffer() {
        String id = create("true");
        String large = "0123456789abcdef".repeat(512 * 1024);

        done(docker.containers().copyIn(id, "/tmp", tar(new Tar().file("large", large))));

        assertThat(Tar.read(all(docker.containers().copyOut(id, "/tmp/large")))).containsEntry("large", large);
    }

    @Test
    void copyInDoesNotReplaceADirectoryUnlessItMay() {
        String id = create("true");
        done(docker.containers().copyIn(id, "/tmp", tar(new Tar().directory("a"))));
        Tar file = new Tar().file("a", "a file");

        failure(DockerException.class, docker.containers().copyIn(id, "/tmp", tar(file)));
        assertThat(get(docker.containers().stat(id, "/tmp/a")).kind()).isEqualTo(PathStat.Kind.DIRECTORY);

        done(docker.containers().copyIn(id, "/tmp", tar(file), put -> put.noOverwriteDirNonDir(false)));
        assertThat(get(docker.containers().stat(id, "/tmp/a")).kind()).isEqualTo(PathStat.Kind.FILE);
    }

    @Test
    void copyInFailsWithTheSourcesOwnError() {
        String id = create("true");
        Flux<ByteBuffer> broken =
                Flux.just(new Tar().file("a", "x").end()).concatWith(Mono.error(new IllegalStateException("no more")));

        assertThat(failure(IllegalStateException.class, docker.containers().copyIn(id, "/tmp", broken)))
                .hasMessage("no more");
    }

    @Test
    void copyFailsForWhatIsNotThere() {
        String id = create("true");

        failure(NotFound.class, docker.containers().copyOut(id, "/missing"));
        failure(NotFound.class, docker.containers().copyIn(id, "/missing", tar(new Tar().file("a", ""))));
        failure(NotFound.class, docker.containers().copyOut("missing", "/"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> docker.containers().copyOut(id, " "))
                .withMessageContaining("path");
    }

    @Test
    void statTellsKindModeAndSize() {
        String id =
                ended("cd /tmp; printf 12345 > file; chmod 4750 file; mkdir -m 1777 dir; ln -s file link; mkfifo pipe");

        PathStat file = get(docker.containers().stat(id, "/tmp/file"));
        assertThat(file.name()).isEqualTo("file");
        assertThat(file.size()).isEqualTo(5);
        assertThat(file.kind()).isEqualTo(PathStat.Kind.FILE);
        assertThat(file.mode()).isEqualTo(04750);
        assertThat(file.modified())
                .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
        PathStat directory = get(docker.containers().stat(id, "/tmp/dir"));
        assertThat(directory.kind()).isEqualTo(PathStat.Kind.DIRECTORY);
        assertThat(directory.mode()).isEqualTo(01777);
        PathStat link = get(docker.containers().stat(id, "/tmp/link"));
        assertThat(link.kind()).isEqualTo(PathStat.Kind.LINK);
        assertThat(link.linkTarget()).isEqualTo("/tmp/file");
        assertThat(get(docker.containers().stat(id, "/tmp/pipe")).kind()).isEqualTo(PathStat.Kind.PIPE);
        failure(NotFound.class, docker.containers().stat(id, "/tmp/missing"));
    }
}
