package dev.fairlead.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ApiVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class DockerExceptionTest {
    @Test
    void anUnsupportedOptionNamesBothVersions() {
        UnsupportedByEngine notYet = UnsupportedByEngine.notYet(
                "POST /containers/create", "platform", ApiVersion.of(1, 41), ApiVersion.of(1, 40));

        assertThat(notYet)
                .hasMessage("POST /containers/create: platform needs API version 1.41 or later, and 1.40 is in use");
        assertThat(notYet.firstWithIt()).isEqualTo(ApiVersion.of(1, 41));
        assertThat(notYet.lastWithIt()).isNull();
        assertThat(notYet.inUse()).isEqualTo(ApiVersion.of(1, 40));
    }

    @Test
    void aDroppedOptionNamesTheLastVersionThatHadIt() {
        UnsupportedByEngine gone = UnsupportedByEngine.noLonger(
                "POST /build/prune", "keep-storage", ApiVersion.of(1, 47), ApiVersion.of(1, 51));

        assertThat(gone)
                .hasMessage("POST /build/prune: API version 1.47 was the last with keep-storage, and 1.51 is in use");
        assertThat(gone.lastWithIt()).isEqualTo(ApiVersion.of(1, 47));
        assertThat(gone.firstWithIt()).isNull();
    }

    @Test
    void theCodeOfAFailedStreamIsSaidUnlessItSaysNothing() {
        assertThat(new StreamFailed("POST /build", "the command failed", 7L))
                .hasMessage("POST /build: the command failed (code 7)")
                .extracting(StreamFailed::code)
                .isEqualTo(7L);
        assertThat(new StreamFailed("POST /build", "denied", 0L)).hasMessage("POST /build: denied");
        assertThat(new StreamFailed("POST /build", "denied", null).code()).isNull();
    }

    @Test
    void exceptionsCanBeSerialized() throws IOException, ClassNotFoundException {
        UnsupportedByEngine exception = UnsupportedByEngine.engineTooOld("ping", ApiVersion.of(1, 39));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isInstanceOfSatisfying(UnsupportedByEngine.class, copy -> {
                assertThat(copy).hasMessage(exception.getMessage());
                assertThat(copy.inUse()).isEqualTo(ApiVersion.of(1, 39));
            });
        }
    }
}
