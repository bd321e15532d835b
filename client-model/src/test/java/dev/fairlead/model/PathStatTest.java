package dev.fairlead.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PathStatTest {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    @ParameterizedTest
    @CsvSource({
        "420, FILE, 420",
        "2147484141, DIRECTORY, 493",
        "2148532735, DIRECTORY, 1023",
        "134218239, LINK, 511",
        "33554852, PIPE, 420",
        "16777645, SOCKET, 429",
        "69206454, CHARACTER_DEVICE, 438",
        "67109296, BLOCK_DEVICE, 432",
        "8389101, FILE, 2541",
        "4194797, FILE, 1517",
        "524288, OTHER, 0"
    })
    void translatesTheModeOfGo(long goMode, PathStat.Kind kind, int mode) {
        PathStat stat = MAPPER.readValue(
                "{\"name\":\"a\",\"size\":3,\"mode\":" + goMode
                        + ",\"mtime\":\"2024-05-06T07:08:09.5Z\",\"linkTarget\":\"b\",\"more\":1}",
                PathStat.class);

        assertThat(stat).isEqualTo(new PathStat("a", 3, kind, mode, Instant.parse("2024-05-06T07:08:09.5Z"), "b"));
    }
}
