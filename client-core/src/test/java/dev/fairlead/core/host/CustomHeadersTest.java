package dev.fairlead.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomHeadersTest {
    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void anEngine() {
        variables.put("DOCKER_HOST", "tcp://h:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=1|{a=1}",
                "a=1,b=2|{a=1, b=2}",
                "\" a =1\",\"b= 2 \"|{a=1, b= 2 }",
                "a=|{a=}",
                "a=b=c|{a=b=c}",
                "\"a=1,2\",b=3|{a=1,2, b=3}",
                "\"a=say \"\"x\"\"\"|{a=say \"x\"}",
                "a=1,A=2|{A=2}",
                "a=1,a=2|{a=2}",
                "User-Agent=x,a=1|{a=1}",
                "user-agent=x|{}",
                "Host=x,content-length=5,Upgrade=y,a=1|{a=1}"
            })
    void theVariableIsALineOfPairs(String text, String values) {
        variables.put("DOCKER_CUSTOM_HEADERS", text);
        assertThat(headers().values()).hasToString(values);
    }

    @Test
    void aLineBreakAtTheEndDoesNotCount() {
        variables.put("DOCKER_CUSTOM_HEADERS", "a=1\r\n");
        assertThat(headers().values()).hasToString("{a=1}");
        variables.put("DOCKER_CUSTOM_HEADERS", "\n");
        assertThat(headers().values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret",
                "=s3cret",
                "a=1,",
                "a=1,s3cret",
                "a=s3\"cret",
                "\"a=s3cret",
                "\"a=s3cret\"x",
                "a b=s3cret",
                "a=s3cret\nb=1",
                "a=s3cret\0",
                "\"a=s3cret\r\nX: y\"",
                "a:=s3cret"
            })
    void whatIsNoPairIsRefusedAndNotTold(String text) {
        variables.put("DOCKER_CUSTOM_HEADERS", text);
        assertThatThrownBy(this::headers)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DOCKER_CUSTOM_HEADERS: ")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void theFilesHeadersAreSentAndTheVariableStandsInTheirPlace() throws IOException {
        config("{'HttpHeaders': {'X-One': 's3cret', 'user-agent': 'z', 'Host': 'h'}}");
        CustomHeaders headers = headers();
        assertThat(headers.values()).hasToString("{X-One=s3cret}");
        assertThat(headers.toString()).contains("X-One", "HttpHeaders of").doesNotContain("s3cret");
        variables.put("DOCKER_CUSTOM_HEADERS", "X-Two=2");
        assertThat(headers().values()).hasToString("{X-Two=2}");
        assertThat(headers().source()).isEqualTo("DOCKER_CUSTOM_HEADERS");
    }

    @Test
    void whatTheClientSetsItselfIsTold() throws IOException {
        config("{'HttpHeaders': {'User-Agent': 's3cret'}}");
        assertThat(HostResolver.resolve(null, environment()).passedOver())
                .singleElement()
                .asString()
                .contains("User-Agent", "HttpHeaders", "sets it itself")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'HttpHeaders': []}",
                "{'HttpHeaders': {'a': 5}}",
                "{'HttpHeaders': {'a b': 's3cret'}}",
                "{'HttpHeaders': {'a': 's3cret\\r\\nX: y'}}"
            })
    void theFilesHeadersAreCheckedToo(String content) throws IOException {
        config(content);
        assertThatThrownBy(this::headers)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: HttpHeaders")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aHostOfTheProgramGetsNoneOfThem() throws IOException {
        config("{'HttpHeaders': {'a': '1'}}");
        variables.put("DOCKER_CUSTOM_HEADERS", "b=2");
        assertThat(HostResolver.resolve(DockerHost.parse("tcp://mine:1"), environment())
                        .headers()
                        .values())
                .isEmpty();
    }

    private CustomHeaders headers() {
        return HostResolver.resolve(null, environment()).headers();
    }

    private Environment environment() {
        return new Environment(variables, home, path -> false);
    }

    private void config(String content) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), content.replace('\'', '"'));
    }
}
