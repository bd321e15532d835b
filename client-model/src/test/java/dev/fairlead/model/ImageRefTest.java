package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRefTest {

    private static final String SHA = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox, latest, busybox",
        "busybox:1.36, docker.io/library/busybox, 1.36, busybox:1.36",
        "library/busybox, docker.io/library/busybox, latest, busybox",
        "user/image:t, docker.io/user/image, t, user/image:t",
        "a/b/c, docker.io/a/b/c, latest, a/b/c",
        "docker.io/busybox, docker.io/library/busybox, latest, busybox",
        "index.docker.io/user/x, docker.io/user/x, latest, user/x",
        "localhost/x, localhost/x, latest, localhost/x",
        "localhost:5000/x:2, localhost:5000/x, 2, localhost:5000/x:2",
        "127.0.0.1:5000/a/b, 127.0.0.1:5000/a/b, latest, 127.0.0.1:5000/a/b",
        "[::1]:5000/a, [::1]:5000/a, latest, [::1]:5000/a",
        "Registry/x, Registry/x, latest, Registry/x",
        "ghcr.io/o/i-m__g.e, ghcr.io/o/i-m__g.e, latest, ghcr.io/o/i-m__g.e",
        "localhost, docker.io/library/localhost, latest, localhost",
    })
    void readsNamesAsPeopleWriteThem(String name, String repository, String tag, String familiar) {
        ImageRef reference = ImageRef.parse(name);

        assertThat(reference.repository()).isEqualTo(repository);
        assertThat(reference.tagOrDigestOrLatest()).isEqualTo(tag);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(ImageRef.parse(reference.toString())).isEqualTo(reference);
    }

    @ParameterizedTest
    @CsvSource({"busybox@" + SHA + ", ''", "busybox:1@" + SHA + ", 1", "h:1/x@" + SHA + ", ''"})
    void aDigestGoesBeforeTheTag(String name, String tag) {
        ImageRef reference = ImageRef.parse(name);

        assertThat(reference.digest()).isEqualTo(SHA);
        assertThat(reference.tag()).isEqualTo(tag);
        assertThat(reference.tagOrDigestOrLatest()).isEqualTo(SHA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Busybox",
                "user/Image",
                "busybox:",
                "busybox@",
                "busybox@sha256:12",
                "busybox:a:b",
                "-x",
                "x-",
                "a//b",
                "/a",
                "a/",
                "a___b",
                "x y",
                "x\r\ny",
                "../etc",
                "https://h.io/x",
                "x:-t",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            })
    void refusesWhatIsNoName(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> ImageRef.parse(name));
    }

    /** What matches them would take the stack of the thread for it. */
    @Test
    void namesOfAnyLengthAreRefused() {
        String endless = "a.".repeat(1_000_000) + "a";
        for (String name :
                List.of(endless, endless + "/x", "r.example.com/" + endless, "x@" + endless + ":" + "0".repeat(32))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ImageRef.parse(name));
        }
    }
}
