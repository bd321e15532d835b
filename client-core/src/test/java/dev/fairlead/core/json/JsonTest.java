package dev.fairlead.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerState;
import dev.fairlead.model.ErrorDetail;
import dev.fairlead.model.ExecInspectResponse;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String OPERATION = "GET /version";

    record Sample(String name, int number, ApiVersion version) {}

    @Test
    void unknownFieldsAreIgnoredAndNullNumbersAreZero() {
        assertThat(read("{\"name\":\"x\",\"number\":null,\"version\":\"1.43\",\"more\":{}}", Sample.class))
                .isEqualTo(new Sample("x", 0, ApiVersion.of(1, 43)));
    }

    @Test
    void largeNumbersKeepTheirValue() {
        assertThat(read("{\"n\":18446744073709551615}", Object.class))
                .isEqualTo(Map.of("n", new BigInteger("18446744073709551615")));
    }

    @Test
    void aValueIsReadFromAnyBuffer() {
        byte[] bytes = "xx{\"name\":\"a\",\"number\":1,\"version\":\"1.43\"}\n".getBytes(UTF_8);
        ByteBuffer heap = ByteBuffer.wrap(bytes).position(2).slice();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().position(2);

        for (ByteBuffer buffer : List.of(heap, direct, heap.duplicate().rewind().asReadOnlyBuffer())) {
            assertThat(Json.read(OPERATION, buffer, Sample.class).name()).isEqualTo("a");
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    @Test
    void listsAreReadAndNullIsTheEmptyList() {
        assertThat(Json.readList(OPERATION, "[1,2]".getBytes(UTF_8), Integer.class))
                .containsExactly(1, 2);
        assertThat(Json.readList(OPERATION, "null\n".getBytes(UTF_8), Integer.class))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{",
                "{} {}",
                "[]",
                "\"x\"",
                "{\"number\":\"x\"}",
                "{\"version\":\"x\"}",
                "<html>"
            })
    void anythingElseIsAProtocolFailureThatShowsIt(String text) {
        assertThatThrownBy(() -> read(text, Sample.class))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageStartingWith(OPERATION + ": ")
                .hasMessageEndingWith(text.isEmpty() ? "nothing" : text);
    }

    @Test
    void theFailureSaysWhere() {
        assertThatThrownBy(() -> read("{\"name\":x}", Sample.class))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining("at byte 8");
    }

    @Test
    void noMoreThan2KiBOfTheTextAreShown() {
        assertThatThrownBy(() -> read("[" + " ".repeat(5000) + "x", Sample.class))
                .hasMessageContaining("… (5002 bytes)")
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .hasSizeLessThan(2500);
    }

    @Test
    void valuesAreWrittenAsUtf8() {
        assertThat(new String(Json.write(new Sample("é", 1, ApiVersion.of(1, 43))), UTF_8))
                .isEqualTo("{\"name\":\"é\",\"number\":1,\"version\":\"1.43\"}");
    }

    private static <T> T read(String text, Class<T> type) {
        return Json.read(OPERATION, text.getBytes(UTF_8), type);
    }

    /** Windows has 32 bits without a sign for them. */
    @Test
    void exitCodesOfWindowsAreRead() {
        assertThat(read("{\"State\":{\"ExitCode\":3221225786}}", ContainerInspectResponse.class)
                        .state())
                .isNotNull()
                .extracting(ContainerState::exitCode)
                .isEqualTo(0xC000013AL);
        assertThat(read("{\"ExitCode\":3221225786}", ExecInspectResponse.class).exitCode())
                .isEqualTo(0xC000013AL);
        assertThat(read("{\"errorDetail\":{\"code\":3221225477,\"message\":\"no\"}}", BuildInfo.class)
                        .errorDetail())
                .isNotNull()
                .extracting(ErrorDetail::code)
                .isEqualTo(0xC0000005L);
    }

    /** A container's storage driver has something of that name, and the reason is wanted. */
    @Test
    void dataThatIsNoTextHidesNothing() {
        String text = "{\"name\":\"x\",\"number\":{},\"GraphDriver\":{\"Data\":{\"a\":\"b\"}}}";
        assertThatThrownBy(() -> read(text, Sample.class))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageContaining(text);
        String secret = "{\"name\":\"x\",\"number\":{},\"Data\" : \"b\"}";
        assertThatThrownBy(() -> read(secret, Sample.class))
                .isInstanceOf(ProtocolFailure.class)
                .hasMessageNotContaining("\"b\"");
    }
}
