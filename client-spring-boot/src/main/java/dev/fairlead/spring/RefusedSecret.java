package dev.fairlead.spring;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** A property was refused whose value may hold a secret, and is shown nowhere. */
final class RefusedSecret extends InvalidConfigurationPropertyValueException {

    private static final long serialVersionUID = 1L;

    /** In the place of the value. */
    static final String HIDDEN = "***";

    /** @param reason quotes no secret */
    RefusedSecret(String name, String reason) {
        super(name, HIDDEN, reason);
    }
}
