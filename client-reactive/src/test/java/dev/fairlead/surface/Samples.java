package dev.fairlead.surface;

import dev.fairlead.BuildContext;
import dev.fairlead.Reconnect;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.Platform;
import dev.fairlead.model.TerminalSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A value of any type that a method or a builder takes. */
public final class Samples {

    /** Made once, with Dockerfiles of all names that are tried. */
    private static final Path FOLDER = folder();

    private Samples() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("fairlead-sample");
            folder.toFile().deleteOnExit();
            for (String name : List.of("Dockerfile", "sample", "other")) {
                Files.writeString(folder.resolve(name), "FROM scratch\n")
                        .toFile()
                        .deleteOnExit();
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A value that is not the default of its type. */
    public static Object of(Type type) {
        return of(type, "sample");
    }

    /** Another one. */
    static Object other(Type type) {
        return of(type, "other");
    }

    private static Object of(Type type, String word) {
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], word);
        }
        if (type instanceof ParameterizedType generic) {
            return ofGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), word);
        }
        if (!(type instanceof Class<?> plain)) {
            return Map.of();
        }
        if (plain.isArray() && plain != byte[].class) {
            Object array = Array.newInstance(plain.getComponentType(), 1);
            Array.set(array, 0, of(plain.getComponentType(), word));
            return array;
        }
        return ofClass(plain, word);
    }

    /** The one argument of a generic type. */
    static Class<?> argumentOf(Type type) {
        Type argument = ((ParameterizedType) type).getActualTypeArguments()[0];
        return (Class<?>) (argument instanceof WildcardType wildcard ? wildcard.getLowerBounds()[0] : argument);
    }

    private static Object ofGeneric(Class<?> raw, Type[] arguments, String word) {
        if (raw == List.class || raw == Iterable.class || raw == java.util.Collection.class) {
            return List.of(of(arguments[0], word));
        }
        if (raw == Set.class) {
            return Set.of(of(arguments[0], word));
        }
        if (raw == Map.class) {
            return Map.of("key", of(arguments[1], word));
        }
        if (raw == Publisher.class) {
            return Flux.defer(() -> Flux.just(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8))));
        }
        if (raw == UnaryOperator.class || raw == java.util.function.Function.class) {
            return (UnaryOperator<Object>) same -> same;
        }
        if (raw == java.util.function.Predicate.class) {
            return (java.util.function.Predicate<Object>) any -> true;
        }
        if (raw == Consumer.class) {
            return setsWhatIsNeeded();
        }
        throw new IllegalArgumentException("no sample of " + raw);
    }

    /** Options of ours, for which some command has to be given. */
    static Consumer<Object> setsWhatIsNeeded() {
        return builder -> {
            for (Method method : builder.getClass().getMethods()) {
                if (method.getName().equals("cmd") && method.isVarArgs()) {
                    call(method, builder, (Object) new String[] {"true"});
                }
            }
        };
    }

    private static Object ofClass(Class<?> type, String word) {
        if (type == String.class || type == Object.class || type == CharSequence.class) {
            return word;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (type == int.class || type == Integer.class) {
            return word.length();
        }
        if (type == long.class || type == Long.class) {
            return (long) word.length();
        }
        if (type == double.class || type == Double.class) {
            return 0.5;
        }
        if (type == byte[].class) {
            return new byte[] {1, 2, 3};
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(1_700_000_000, 5);
        }
        if (type == Duration.class) {
            return Duration.ofSeconds(7);
        }
        if (type == URI.class) {
            return URI.create("http://127.0.0.1/x.tar");
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(new byte[] {1});
        }
        if (type == TerminalSize.class) {
            return new TerminalSize(24, 80);
        }
        if (type == Platform.class) {
            return Platform.parse("linux/amd64");
        }
        if (type == ApiVersion.class) {
            return ApiVersion.of(1, 44);
        }
        if (type == Reconnect.class) {
            return Reconnect.defaults();
        }
        if (type == Path.class) {
            return FOLDER;
        }
        if (type == BuildContext.class) {
            return BuildContext.of(FOLDER);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return ofModel(type, word);
    }

    private static Object ofModel(Class<?> type, String word) {
        for (Method method : type.getMethods()) {
            boolean isFactory = Modifier.isStatic(method.getModifiers());
            if (isFactory && method.getName().equals("builder")) {
                Object[] required = List.of(method.getGenericParameterTypes()).stream()
                        .map(Samples::of)
                        .toArray();
                Object builder = call(method, null, required);
                return call(find(builder.getClass(), "build"), builder);
            }
            if (isFactory
                    && method.getName().equals("of")
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == String.class) {
                return call(method, null, word);
            }
        }
        throw new IllegalArgumentException("no sample of " + type);
    }

    static Method find(Class<?> type, String name) {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 0) {
                return method;
            }
        }
        throw new IllegalArgumentException(type + " has no " + name + "()");
    }

    static Object call(Method method, @Nullable Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(method.toString(), thrown.getCause());
        } catch (IllegalAccessException forbidden) {
            throw new IllegalStateException(method.toString(), forbidden);
        }
    }
}
