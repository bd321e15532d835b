package dev.fairlead.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.ClientDescription;
import dev.fairlead.DockerClient;
import dev.fairlead.samples.testing.Shown;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README shows is what the compiler saw. */
class ReadmeTest {

    /** A line of the list of operations: a group, on its first line, and the names of its methods. */
    private static final Pattern OPERATIONS =
            Pattern.compile("^(?:docker\\.(\\w+)\\(\\) +| {20,})// ([\\w, ]+)$", Pattern.MULTILINE);

    @Test
    void everyBlockOfJavaIsCutFromTheSamples() throws IOException {
        Shown.requireCutFrom(Shown.marked("README", Path.of("src", "main", "java")), Shown.blocks(readme(), "java"));
    }

    @Test
    void everyMethodOfEveryGroupIsListed() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        Matcher line = OPERATIONS.matcher(readme());
        String group = "";
        while (line.find()) {
            group = line.group(1) == null ? group : line.group(1);
            listed.computeIfAbsent(group, first -> new TreeSet<>())
                    .addAll(List.of(line.group(2).split("[, ]+")));
        }
        listed.values().forEach(names -> names.remove("and"));
        assertThat(listed).isEqualTo(groups());
    }

    private static Map<String, Set<String>> groups() {
        return Arrays.stream(DockerClient.class.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && method.getReturnType().getPackage() == DockerClient.class.getPackage()
                        && method.getReturnType() != DockerClient.class
                        && method.getReturnType() != ClientDescription.class)
                .collect(Collectors.toMap(
                        Method::getName, method -> methods(method.getReturnType()), (one, same) -> one, TreeMap::new));
    }

    private static Set<String> methods(Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md"));
    }
}
