package dev.fairlead.surface;

import dev.fairlead.DockerClient;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.Requirements.Requirement;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.reactivestreams.Publisher;

/** A call of a method with one thing set that not every API version knows. */
record GatedCall(GroupMethod method, int position, Class<?> builder, Change change) {

    /** One for each gate of each parameter of each method. */
    static List<GatedCall> all() {
        List<GatedCall> calls = new ArrayList<>();
        for (GroupMethod method : GroupMethod.all()) {
            Type[] types = method.method().getGenericParameterTypes();
            for (int i = 0; i < types.length; i++) {
                Class<?> builder =
                        GroupMethod.isLambda(types[i]) ? Samples.argumentOf(types[i]) : Change.builderWithin(types[i]);
                if (builder != null && builder.getName().startsWith("dev.fairlead.model.")) {
                    int position = i;
                    Change.gated(builder)
                            .forEach(change -> calls.add(new GatedCall(method, position, builder, change)));
                }
            }
        }
        return calls;
    }

    Publisher<?> on(DockerClient client) {
        Type[] types = method.method().getGenericParameterTypes();
        Object[] arguments = Arrays.stream(types)
                .map(type -> GroupMethod.isLambda(type) ? Samples.setsWhatIsNeeded() : Samples.of(type))
                .toArray();
        arguments[position] = GroupMethod.isLambda(types[position])
                ? Samples.setsWhatIsNeeded().andThen(change.apply())
                : change.value(builder);
        return method.call(client, arguments);
    }

    /** The gates that a version is outside of, by name. */
    List<String> refused(ApiVersion version) {
        return change.requirements().stream()
                .filter(requirement -> !requirement.holdsFor(version))
                .map(Requirement::name)
                .toList();
    }

    /** Every version that Fairlead speaks. */
    static List<ApiVersion> versions() {
        List<ApiVersion> versions = new ArrayList<>();
        for (int minor = ApiVersion.OLDEST.minor(); minor <= ApiVersion.NEWEST.minor(); minor++) {
            versions.add(ApiVersion.of(1, minor));
        }
        return versions;
    }

    /** Those next to where a gate begins or ends. */
    List<ApiVersion> edges() {
        return versions().stream()
                .filter(version -> change.requirements().stream().anyMatch(gate -> isEdge(gate, version)))
                .toList();
    }

    private static boolean isEdge(Requirement gate, ApiVersion version) {
        boolean holds = gate.holdsFor(version);
        return versions().stream()
                .anyMatch(other -> Math.abs(other.minor() - version.minor()) == 1 && gate.holdsFor(other) != holds);
    }

    @Override
    public String toString() {
        return method + " " + change.requirements();
    }
}
