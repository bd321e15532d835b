package dev.fairlead.generator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake is told with its file and line, and all of them at once. */
class SchemaMistakesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ typ: string, doc: x }                     | unknown key 'typ' in field Door.Open",
                "{ typ: string, doc: x }                     | missing type in field Door.Open",
                "{ type: strin, doc: x }                     | unknown type 'strin' in field Door.Open",
                "{ type: list<Gate>, doc: x }                | unknown type 'Gate' in field Door.Open",
                "{ type: string }                            | missing doc in field Door.Open",
                "{ type: string, doc: '' }                   | missing doc in field Door.Open",
                "{ type: string, doc: x, doc: y }            | duplicate 'doc' in field Door.Open",
                "{ type: string, doc: x, java: default }     | 'default' is taken or no Java name: say java: in field Door.Open",
                "{ type: string, doc: x, java: wait }        | 'wait' is taken or no Java name: say java: in field Door.Open",
                "{ type: string, doc: x, java: state }       | two fields of Door are called 'state'",
                "{ type: string, doc: x, since: '1' }        | 'since' is an API version like \"1.44\"",
                "{ type: string, doc: x, secret: perhaps }   | 'secret' is true or false",
                "{ type: string, doc: x, in: query }         | field Door.Open is of no options: no 'in'",
                "{ type: filters, doc: x }                   | field Door.Open: 'keys' go with a parameter of type filters",
                "{ type: string, doc: x, json: true }        | field Door.Open: 'json' is for parameters",
            })
    void tellsAMistakeInAField(String field, String mistake) throws IOException {
        write(
                "door.yaml",
                "types:",
                "  Door:",
                "    doc: x",
                "    fields:",
                "      State: { type: int, doc: x }",
                "      Open: " + field);

        assertThatThrownBy(() -> ModelGenerator.read(folder))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(mistake)
                .hasMessageContaining(mistake.startsWith("two fields") ? "door.yaml:6" : "door.yaml:6: " + mistake);
    }

    @Test
    void tellsAllMistakesOfAllFiles() throws IOException {
        write(
                "a.yaml",
                "types:",
                "  Door:",
                "    fields:",
                "      A: { type: string, doc: x }",
                "      A: { type: string, doc: x }");
        write("b.yaml", "tipes:", "types:", "  Door: { doc: x }", "  Gate:", "    doc: x", "    include: [Wall]");

        assertThatThrownBy(() -> ModelGenerator.read(folder))
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll(
                        "5 mistakes in the schema:",
                        "a.yaml:5: duplicate 'A' in fields of Door",
                        "a.yaml:2: missing doc in type Door",
                        "b.yaml:1: unknown key 'tipes' in this file",
                        "b.yaml:3: duplicate type Door, already at a.yaml:2",
                        "b.yaml:4: Gate includes unknown type 'Wall'");
    }

    @Test
    void tellsTypesThatIncludeEachOther() throws IOException {
        write("a.yaml", "types:", "  Door: { doc: x, include: [Gate] }", "  Gate: { doc: x, include: [Door] }");

        assertThatThrownBy(() -> ModelGenerator.read(folder))
                .hasMessageContaining("a.yaml:3: Gate includes itself by 'Door'");
    }

    @Test
    void tellsParametersThatHaveNoText() throws IOException {
        write(
                "a.yaml",
                "types: { Door: { doc: x, fields: { A: { type: int, doc: x } } } }",
                "options:",
                "  DoorOpenOptions:",
                "    operation: DoorOpen",
                "    doc: x",
                "    fields:",
                "      door: { in: query, type: Door, doc: x }",
                "      size: { type: int, doc: x }");

        assertThatThrownBy(() -> ModelGenerator.read(folder))
                .hasMessageContaining("a.yaml:7: field DoorOpenOptions.door has no text form: it needs json: true")
                .hasMessageContaining("a.yaml:8: field DoorOpenOptions.size needs in: query, header or body");
    }

    @Test
    void tellsEnumValuesThatAreNoJavaNames() throws IOException {
        write("a.yaml", "enums:", "  State:", "    doc: x", "    values:", "      '': nothing", "      5: five");

        assertThatThrownBy(() -> ModelGenerator.read(folder))
                .hasMessageContaining("a.yaml:5: '' is taken or no Java name")
                .hasMessageContaining("a.yaml:6: '5' is taken or no Java name");
    }

    @Test
    void tellsWhatIsNoYaml() throws IOException {
        write("a.yaml", "types:", "  Door: { doc: x");

        assertThatThrownBy(() -> ModelGenerator.read(folder)).hasMessageContaining("a.yaml:3: ");
    }

    private void write(String file, String... lines) throws IOException {
        Files.writeString(folder.resolve(file), String.join("\n", lines) + "\n");
    }
}
