package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.InvalidRequest;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.Platform;
import dev.fairlead.model.TerminalSize;
import dev.fairlead.surface.Samples;
import dev.fairlead.testing.RealEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** What a caller is told when it does not work. */
final class ErrorsIT extends EngineTest {

    /** A client that can't send: whatever fails in another way has failed before. */
    private static final DockerClient NOWHERE = nowhere(55);

    ErrorsIT(RealEngine engine) {
        super(engine);
    }

    static Stream<Method> methodsThatTakeAnId() {
        return Arrays.stream(DockerClient.class.getMethods())
                .filter(accessor -> !Modifier.isStatic(accessor.getModifiers())
                        && accessor.getParameterCount() == 0
                        && accessor.getReturnType().getPackage() == DockerClient.class.getPackage())
                .map(Method::getReturnType)
                .flatMap(group -> Arrays.stream(group.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() > 0
                        && method.getParameterTypes()[0] == String.class);
    }

    @Test
    void theMethodsWithAnIdAreFound() {
        Map<String, Long> found = methodsThatTakeAnId()
                .collect(Collectors.groupingBy(
                        method -> method.getDeclaringClass().getSimpleName(), Collectors.counting()));
        assertThat(found).containsKeys("Containers", "Execs", "Images");
        assertThat(found.get("Containers")).isGreaterThan(25);
        assertThat(found.get("Execs")).isGreaterThan(7);
        assertThat(found.get("Images")).isGreaterThan(7);
    }

    @ParameterizedTest
    @MethodSource("methodsThatTakeAnId")
    void blankIdsFailBeforeAnythingIsSent(Method method) throws ReflectiveOperationException {
        for (String blank : List.of("", " ", "\t\n")) {
            assertThat(outcome(method, blank)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(outcome(method, "x")).isInstanceOf(ConnectionFailed.class);
    }

    /** How a call with that id and otherwise good arguments fails. */
    private static Throwable outcome(Method method, String id) throws ReflectiveOperationException {
        Object[] arguments = Arrays.stream(method.getGenericParameterTypes())
                .map(type -> argument(method, type))
                .toArray();
        arguments[0] = id;
        try {
            Object called = method.invoke(groupOf(method), arguments);
            return failure(
                    Throwable.class,
                    called instanceof Transfer<?> transfer ? transfer.messages() : (Publisher<?>) called);
        } catch (InvocationTargetException thrown) {
            return java.util.Objects.requireNonNull(thrown.getCause());
        }
    }

    private static Object groupOf(Method method) throws ReflectiveOperationException {
        for (Method accessor : DockerClient.class.getMethods()) {
            if (accessor.getParameterCount() == 0 && accessor.getReturnType() == method.getDeclaringClass()) {
                return accessor.invoke(NOWHERE);
            }
        }
        throw new AssertionError("no group for " + method);
    }

    private static Object argument(Method method, Type type) {
        if (type == String.class) {
            return "y";
        }
        if (type == String[].class) {
            return new String[] {"true"};
        }
        if (type == TerminalSize.class) {
            return TerminalSize.of(1, 1);
        }
        if (type == Platform.class) {
            return Platform.parse("linux");
        }
        if (type == URI.class) {
            return URI.create("http://127.0.0.1/");
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Consumer.class) {
            return optionsOf(method);
        }
        return Samples.of(type);
    }

    /** Sets nothing, but where nothing is not enough. */
    private static Consumer<Object> optionsOf(Method method) {
        if (method.getDeclaringClass() != Execs.class) {
            return options -> {};
        }
        return options -> {
            if (options instanceof dev.fairlead.model.ExecCreateOptions.Builder exec) {
                exec.cmd("true");
            } else if (options instanceof ExecRunOptions.Builder exec) {
                exec.cmd("true");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "../x", "..", ".", "x?y=z", "x#y", "ä ö", "%2e%2e", "x\ny"})
    void oddIdsReachTheEngineAsTheyAre(String id) {
        assertThat(failure(Throwable.class, Mono.defer(() -> docker.containers().inspect(id))))
                .isInstanceOfAny(NotFound.class, InvalidRequest.class, IllegalArgumentException.class);
    }

    @Test
    void theEnginesWordsAreInTheMessage() {
        NotFound missing = failure(NotFound.class, docker.containers().start("nosuch"));
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.operation()).isEqualTo("POST /containers/{id}/start");
        assertThat(missing.engineMessage()).isEqualTo("No such container: nosuch");
        assertThat(missing).hasMessageContaining("No such container: nosuch");
    }

    @Test
    void whatTheEngineRefusesIsAnInvalidRequest() {
        assertThat(failure(InvalidRequest.class, docker.containers().create(IMAGE, container -> marked(container)
                                .name("not a name")))
                        .engineMessage())
                .contains("not a name");
        assertThat(failure(
                        Throwable.class,
                        docker.containers().list(list -> list.filters(which -> which.filter("nosuch", "x")))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("nosuch");
    }

    @Test
    void aMissingSocketIsNamed() {
        assertThat(failure(ConnectionFailed.class, NOWHERE.system().info()))
                .hasMessageContaining("/nowhere/docker.sock");
    }
}
