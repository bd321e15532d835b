package dev.fairlead.core.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.tar.CopyPlan.Destination;
import dev.fairlead.core.tar.CopyPlan.Destination.State;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyPlanTest {

    private static CopyPlan plan(String source, boolean directory, State state, boolean slash)
            throws FileSystemException {
        return CopyPlan.of(source, directory, new Destination("/there/to", "to", state, slash));
    }

    @ParameterizedTest
    @CsvSource({
        // source, directory, destination, entry, name
        "from, false, DIRECTORY, from, from",
        "from, true, DIRECTORY, from/a, from/a",
        "., true, DIRECTORY, ./a, ./a",
        "/, true, DIRECTORY, /a, a",
        "from, false, OTHER, from, to",
        "from, false, MISSING, from, to",
        "from, true, MISSING, from/, to/",
        "from, true, MISSING, from/from/b, to/from/b",
        "., true, MISSING, ./, to/",
        "., true, MISSING, ./a/b, to/a/b",
        "/, true, MISSING, /, to/",
        "/, true, MISSING, /a/b, to/a/b",
        "from, true, MISSING, fromage/b, fromage/b",
    })
    void namesEntriesAsDockerCpDoes(String source, boolean directory, State state, String entry, String name)
            throws FileSystemException {
        CopyPlan plan = plan(source, directory, state, false);

        assertThat(plan.nameOf(entry)).isEqualTo(name);
        assertThat(plan.intoDestination()).isEqualTo(state == State.DIRECTORY);
    }

    @Test
    void aDirectoryTakesNoFilesPlace() {
        assertThatThrownBy(() -> plan("from", true, State.OTHER, false))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("/there/to");
    }

    @Test
    void aFileIsNotWhatASlashPromises() throws FileSystemException {
        assertThatThrownBy(() -> plan("from", false, State.MISSING, true))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/there/to");
        assertThat(plan("from", true, State.MISSING, true).nameOf("from")).isEqualTo("to");
    }
}
