package dev.fairlead.model;

import java.util.List;

/** What one operation takes beside its path: query parameters, headers and, where it has one, the JSON body. */
public interface OperationOptions extends Versioned {
    /**
     * The operation these options belong to.
     *
     * @return the name the Engine's API gives it, such as {@code ContainerList}
     */
    String operation();

    /**
     * The parameters that are set, in the order of the schema.
     *
     * @return empty when none is
     */
    List<RequestParameter> parameters();

    /**
     * Whether the operation takes a JSON body, which then is this object written as JSON: its parameters are no part of
     * that.
     *
     * @return the same for all options of an operation
     */
    boolean hasBody();
}
