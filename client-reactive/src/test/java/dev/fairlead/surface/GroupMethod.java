package dev.fairlead.surface;

import dev.fairlead.DockerClient;
import dev.fairlead.Transfer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** A public method of a group, or of the client itself, that asks the Engine for something. */
record GroupMethod(@Nullable Method group, Method method) {

    /** All of all groups. */
    static List<GroupMethod> all() {
        List<GroupMethod> methods = new ArrayList<>();
        for (Method group : DockerClient.class.getMethods()) {
            if (!Modifier.isStatic(group.getModifiers())
                    && group.getParameterCount() == 0
                    && group.getReturnType().getPackageName().equals("dev.fairlead")) {
                for (Method method : group.getReturnType().getDeclaredMethods()) {
                    if (Modifier.isPublic(method.getModifiers()) && asks(method)) {
                        methods.add(new GroupMethod(group, method));
                    }
                }
            }
        }
        for (Method method : DockerClient.class.getMethods()) {
            boolean asksTheNegotiator =
                    method.getName().equals("apiVersion") || method.getName().equals("supports");
            if (Publisher.class.isAssignableFrom(method.getReturnType()) && !asksTheNegotiator) {
                methods.add(new GroupMethod(null, method));
            }
        }
        methods.sort(Comparator.comparing(GroupMethod::toString));
        return methods;
    }

    private static boolean asks(Method method) {
        return Publisher.class.isAssignableFrom(method.getReturnType()) || method.getReturnType() == Transfer.class;
    }

    /** The builder that its options are said to, or null when it takes none. */
    @Nullable
    Class<?> builder() {
        for (Type type : method.getGenericParameterTypes()) {
            if (isLambda(type)) {
                return Samples.argumentOf(type);
            }
        }
        return null;
    }

    /** Calls it with samples, and its options with what is said to them. */
    Publisher<?> call(DockerClient client, Consumer<Object> options) {
        return call(
                client,
                Arrays.stream(method.getGenericParameterTypes())
                        .map(type -> isLambda(type) ? options : Samples.of(type))
                        .toArray());
    }

    Publisher<?> call(DockerClient client, Object[] arguments) {
        Object target = group == null ? client : Samples.call(group, client);
        Object called = Samples.call(method, target, arguments);
        return called instanceof Transfer<?> transfer ? transfer.messages() : (Publisher<?>) called;
    }

    static boolean isLambda(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Consumer.class;
    }

    @Override
    public String toString() {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return (group == null ? "" : group.getName() + "().") + method.getName() + "(" + parameters + ")";
    }
}
