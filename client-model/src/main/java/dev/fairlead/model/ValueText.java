package dev.fairlead.model;

import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Builds what {@code toString} of the generated classes gives: nothing absent, and no secret. */
final class ValueText {
    private final StringJoiner text;

    ValueText(String type) {
        this.text = new StringJoiner(", ", type + "[", "]");
    }

    ValueText field(String name, @Nullable Object value) {
        if (value != null) {
            text.add(name + "=" + (value instanceof byte[] bytes ? bytes.length + " bytes" : value));
        }
        return this;
    }

    ValueText secret(String name, @Nullable Object value) {
        return field(name, value == null ? null : "***");
    }

    /** Names only: nobody knows whether what nobody knows is a secret. */
    ValueText unknown(Map<String, Object> fields) {
        return field("unknownFields", fields.isEmpty() ? null : fields.keySet());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
