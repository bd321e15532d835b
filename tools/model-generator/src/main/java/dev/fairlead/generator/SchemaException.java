package dev.fairlead.generator;

import java.util.List;

/** All that is wrong with a schema, a line each. */
final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(List<String> errors) {
        super(errors.size() + " mistakes in the schema:\n" + String.join("\n", errors));
    }
}
