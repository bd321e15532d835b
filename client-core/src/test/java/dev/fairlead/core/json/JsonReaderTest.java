package dev.fairlead.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.Config;
import dev.fairlead.model.ContainerInspectResponse;
import dev.fairlead.model.ContainerStatsResponse;
import dev.fairlead.model.ContainerSummary;
import dev.fairlead.model.EventMessage;
import dev.fairlead.model.Platform;
import dev.fairlead.model.TokenReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** What is read from tokens is what databind reads, whatever the text; and a usual text needs no databind. */
class JsonReaderTest {
    private static final String OPERATION = "GET /it";

    // As Json has it.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Together they have every kind of field. */
    static List<Arguments> texts() {
        return List.of(
                Arguments.of(ContainerSummary.class, """
                        {"Id":"8dfafdbc3a40","Names":["/boring_feynman",null],"Image":"ubuntu:latest","ImageID":"sha256:d74508fb6632",
                        "Command":"echo \\"1\\" \\u00e9 \\ud83d\\ude00 ü","Created":1367854155,"State":"exited","Status":"Exit 0","Ports":
                        [{"PrivatePort":2222,"PublicPort":3333,"Type":"tcp","IP":"::"}],"Labels":{"com.example.vendor":"Acme","none":null},
                        "SizeRw":12288,"SizeRootFs":-1,"HostConfig":{"NetworkMode":"default","Annotations":{"a":"b"}},"Health":null,
                        "NetworkSettings":{"Networks":{"bridge":{"NetworkID":"7ea2","GwPriority":-7,"IPPrefixLen":16,"DNSNames":[]}}},
                        "Mounts":[],"ImageManifestDescriptor":{"digest":"sha256:c0","size":3987495,"platform":{"os":"linux","more":{}}},
                        "Later":{"a":[1,2.5,-0.0,1e3,12345678901,123456789012345678901,true,false,null,"x",{"":{}}],"b":[]}}
                        """),
                Arguments.of(ContainerInspectResponse.class, """
                        {"Id":"ba033ac4","Created":"2015-01-06T15:47:31.485331387Z","Path":"/bin/sh","Args":["-c","exit 9"],"State":
                        {"Status":"running","Running":true,"Paused":false,"Pid":4711,"ExitCode":9,"StartedAt":"0001-01-01T00:00:00Z",
                        "FinishedAt":"2015-01-06T15:47:32.080254511+02:00","Health":{"Log":[{"ExitCode":0,"Output":"ok"}]}},
                        "HostConfig":{"CpuShares":0,"OomKillDisable":null,"ConsoleSize":[24,80],"PortBindings":{"80/tcp":
                        [{"HostIp":"","HostPort":"8080"}],"81/tcp":null},"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu","nv"],[]]}]},
                        "Config":{"ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Volumes":null,"StopTimeout":10,"Healthcheck":
                        {"Interval":1000000000}},"GraphDriver":{"Name":"overlay2","Data":{"MergedDir":"/var"}},"RestartCount":1}
                        """),
                Arguments.of(ContainerStatsResponse.class, """
                        {"read":"2015-01-08T22:57:31.547920715Z","preread":"","pids_stats":{"current":3,"limit":18446744073709551615},
                        "networks":{"eth0":{"rx_bytes":5338,"tx_dropped":0}},"memory_stats":{"usage":6537216,"stats":
                        {"total_pgmajfault":0,"cache":9223372036854775807}},"cpu_stats":{"cpu_usage":{"percpu_usage":[8646879,24472255],
                        "total_usage":100215355},"throttling_data":{"periods":0},"online_cpus":4},"name":"/a","id":"x","num_procs":0}
                        """),
                Arguments.of(EventMessage.class, """
                        {"status":"start","id":"ede5","Type":"container","Action":"start","scope":"local","time":1461943101,
                        "timeNano":1461943101607533796,"Actor":{"ID":"ede5","Attributes":{"image":"alpine","com.example":"1"}}}
                        """),
                Arguments.of(BuildInfo.class, """
                        {"stream":"Step 1/2\\n","aux":{"ID":"sha256:1"},"progressDetail":{"current":1,"total":2},"error":"no",
                        "errorDetail":{"code":-1,"message":"no"}}
                        """),
                Arguments.of(Config.class, """
                        {"ID":"k","Version":{"Index":11},"CreatedAt":"2016-11-05T01:20:17.327670065Z","Spec":{"Name":"c",
                        "Data":"AQID/+8=","Labels":{},"Templating":{"Name":"golang","Options":null}}}
                        """),
                Arguments.of(Platform.class, """
                        {"os":"linux","architecture":"arm","variant":"v7","os.version":"","os.features":["a"],"more":[{"os":"x"}]}
                        """));
    }

    private static <T> JsonReader<T> byTokens(Class<T> type) {
        return new JsonReader<>(
                Objects.requireNonNull(TokenReader.of(type)),
                MemberOrder.of(type),
                () -> {
                    throw new AssertionError("databind was asked to read " + type);
                },
                null);
    }

    private static ObjectReader databind(Class<?> type) {
        return MAPPER.readerFor(type);
    }

    @ParameterizedTest
    @MethodSource("texts")
    <T> void usualTextsAreReadFromTokens(Class<T> type, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        T read = byTokens(type).read(OPERATION, bytes, 0, bytes.length);
        T expected = databind(type).readValue(bytes);
        assertThat(read).isEqualTo(expected).hasSameHashCodeAs(expected).hasToString(expected.toString());
        assertThat(MAPPER.readTree(MAPPER.writeValueAsBytes(read)))
                .isEqualTo(MAPPER.readTree(MAPPER.writeValueAsBytes(expected)));
    }

    private static final Pattern VALUES =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"(?!:)|-?[0-9][0-9.e]*|true|false|null");
    private static final List<String> OTHERS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "7",
            "1.0",
            "2.5",
            "1e2",
            "1e400",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"7\"",
            "\"1.5\"",
            "\"true\"",
            "\"text\"",
            "\"null\"",
            "\"2015-01-06T15:47:31Z\"",
            "\"AQID\"",
            "{}",
            "[]",
            "[null]",
            "[1]",
            "[\"x\"]",
            "{\"a\":1}",
            "{\"a\":\"b\"}",
            "{\"a\":null}",
            "{\"a\":{}}",
            "{\"a\":[]}",
            "[[\"x\"],null]",
            "[1,2,3]");

    /** Every value of a text in the place of every other kind. */
    @ParameterizedTest
    @MethodSource("texts")
    <T> void anotherValueIsReadAsByDatabind(Class<T> type, String text) {
        for (MatchResult place : VALUES.matcher(text).results().toList()) {
            for (String other : OTHERS) {
                sameAsDatabind(type, text.substring(0, place.start()) + other + text.substring(place.end()));
            }
        }
    }

    /** Objects and arrays too, by their brackets. */
    @ParameterizedTest
    @MethodSource("texts")
    <T> void anotherValueForAnObjectOrAnArrayIsReadAsByDatabind(Class<T> type, String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '{' || text.charAt(at) == '[') {
                int end = end(text, at);
                for (String other : OTHERS) {
                    sameAsDatabind(type, text.substring(0, at) + other + text.substring(end));
                }
            }
        }
    }

    private static int end(String text, int start) {
        int depth = 0;
        boolean quoted = false;
        for (int at = start; ; at++) {
            char c = text.charAt(at);
            if (c == '"' && text.charAt(at - 1) != '\\') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
            } else if (!quoted && (c == '}' || c == ']') && --depth == 0) {
                return at + 1;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    <T> void brokenTextsAreRefusedAsByDatabind(Class<T> type, String text) {
        for (int length = 0; length < text.length(); length++) {
            sameAsDatabind(type, text.substring(0, length));
        }
        Random random = new Random(7);
        String pieces = "{}[]\",:0a\\ \n\u0000é-";
        for (int run = 0; run < 1000; run++) {
            StringBuilder changed = new StringBuilder(text);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(changed.length());
                String piece = String.valueOf(pieces.charAt(random.nextInt(pieces.length())));
                changed.replace(at, Math.min(changed.length(), at + random.nextInt(3)), piece);
            }
            sameAsDatabind(type, changed.toString());
        }
        for (String after : List.of("{}", "x", "null", ",", "]", "\"", "\u0000")) {
            sameAsDatabind(type, text + after);
        }
    }

    private static <T> void sameAsDatabind(Class<T> type, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        Object expected = outcome(new JsonReader<>(null, MemberOrder.of(type), () -> databind(type), null), bytes);
        Object found = outcome(
                new JsonReader<>(TokenReader.of(type), MemberOrder.of(type), () -> databind(type), null), bytes);
        if (!found.equals(expected)) {
            // Described only here: there are many of them.
            assertThat(found).as(text).isEqualTo(expected);
        }
    }

    private static Object outcome(JsonReader<?> reader, byte[] bytes) {
        try {
            return reader.read(OPERATION, bytes, 0, bytes.length);
        } catch (ProtocolFailure failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    @Test
    void listsOfAnEngineAreReadFromTokens() {
        JsonReader<List<ContainerSummary>> reader = Json.listReaderFor(ContainerSummary.class);
        assertThat(list(reader, "[]")).isEmpty();
        assertThat(list(reader, "null")).isEmpty();
        assertThat(list(reader, "[{\"Id\":\"a\"},{\"Id\":\"b\",\"Created\":\"7\"}]"))
                .extracting(ContainerSummary::id)
                .containsExactly("a", "b");
        assertThatExceptionOfType(ProtocolFailure.class).isThrownBy(() -> list(reader, "[{\"Id\":\"a\"}"));
        assertThatExceptionOfType(ProtocolFailure.class).isThrownBy(() -> list(reader, "{\"Id\":\"a\"}"));
        assertThat(list(reader, "[{\"Id\":\"a\"},null]")).hasSize(2);
    }

    private static <T> List<@Nullable T> list(JsonReader<List<T>> reader, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new ArrayList<>(reader.read(OPERATION, bytes, 0, bytes.length));
    }
}
