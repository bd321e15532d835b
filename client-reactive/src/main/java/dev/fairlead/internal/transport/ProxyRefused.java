package dev.fairlead.internal.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A proxy did not do what it was asked. */
final class ProxyRefused extends IOException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;

    ProxyRefused(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
