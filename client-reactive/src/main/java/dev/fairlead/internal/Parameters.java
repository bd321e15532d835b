package dev.fairlead.internal;

import dev.fairlead.core.http.RequestPath;
import dev.fairlead.core.json.Json;
import dev.fairlead.model.RequestParameter;
import dev.fairlead.model.Requirements.Requirement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the parameters of options are written, without those that are to be left out. */
final class Parameters {

    private final List<RequestParameter> parameters = new ArrayList<>();

    void add(RequestParameter parameter) {
        parameters.add(parameter);
    }

    void addQuery(String name, Object value) {
        add(new RequestParameter(RequestParameter.In.QUERY, name, value.toString(), RequestParameter.Encoding.PLAIN));
    }

    /** Whether there is one of this name for the head. */
    boolean hasHeader(String name) {
        return parameters.stream()
                .anyMatch(parameter -> parameter.in() == RequestParameter.In.HEADER
                        && parameter.name().equals(name));
    }

    /** The path with those of the query, and with others in place of those of the same name. */
    RequestPath addTo(RequestPath path, List<Requirement> omitted, Map<String, String> others) {
        RequestPath all = path;
        for (RequestParameter parameter : parameters) {
            if (parameter.in() == RequestParameter.In.QUERY
                    && !isOmitted(parameter, omitted)
                    && !others.containsKey(parameter.name())) {
                all = query(all, parameter, omitted);
            }
        }
        for (Map.Entry<String, String> other : others.entrySet()) {
            all = all.query(other.getKey(), other.getValue());
        }
        return all;
    }

    /** Adds those of the head. */
    void addTo(Map<String, List<String>> headers, List<Requirement> omitted) {
        for (RequestParameter parameter : parameters) {
            if (parameter.in() == RequestParameter.In.HEADER && !isOmitted(parameter, omitted)) {
                headers.put(parameter.name(), headerValues(parameter));
            }
        }
    }

    private static boolean isOmitted(RequestParameter parameter, List<Requirement> omitted) {
        if (omitted.isEmpty()) {
            return false;
        }
        List<String> place = List.of(parameter.name());
        return omitted.stream().anyMatch(requirement -> requirement.place().equals(place));
    }

    @SuppressWarnings("unchecked")
    private static RequestPath query(RequestPath path, RequestParameter parameter, List<Requirement> omitted) {
        String name = parameter.name();
        return switch (parameter.encoding()) {
            case PLAIN -> path.query(name, parameter.value().toString());
            case REPEATED -> path.queryEach(name, (List<String>) parameter.value());
            case JSON -> path.query(name, json(parameter.value(), within(name, omitted)));
            case EACH_AS_JSON ->
                path.queryEach(
                        name,
                        ((List<?>) parameter.value())
                                .stream().map(value -> json(value, List.of())).toList());
            case FILTERS ->
                path.filters(filters(name, (Map<String, ? extends Collection<String>>) parameter.value(), omitted));
        };
    }

    private static Map<String, Collection<String>> filters(
            String name, Map<String, ? extends Collection<String>> filters, List<Requirement> omitted) {
        Map<String, Collection<String>> kept = new LinkedHashMap<>(filters);
        omitted.forEach(requirement -> {
            if (requirement.name().startsWith(name + ".")) {
                kept.remove(requirement.name().substring(name.length() + 1));
            }
        });
        return kept;
    }

    /** The places of what is omitted inside the JSON of a parameter. */
    private static List<List<String>> within(String name, List<Requirement> omitted) {
        return omitted.stream()
                .map(Requirement::place)
                .filter(place -> place.size() > 1 && place.get(0).equals(name))
                .map(place -> place.subList(1, place.size()))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<String> headerValues(RequestParameter parameter) {
        return switch (parameter.encoding()) {
            case PLAIN -> List.of(parameter.value().toString());
            case REPEATED -> (List<String>) parameter.value();
            default -> List.of(json(parameter.value(), List.of()));
        };
    }

    private static String json(Object value, List<List<String>> omitted) {
        byte[] json = Json.write(value);
        return new String(omitted.isEmpty() ? json : Json.without(json, omitted), StandardCharsets.UTF_8);
    }
}
