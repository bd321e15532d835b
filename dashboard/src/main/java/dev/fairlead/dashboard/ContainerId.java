package dev.fairlead.dashboard;

import java.net.URI;
import java.util.regex.Pattern;

/** A container's whole id. A name would share no stream with the id, and might mean another container a moment later. */
final class ContainerId {

    private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{64}");

    /** Of {@code /api/containers/{id}/log}. */
    private static final int SEGMENT = 3;

    private ContainerId() {}

    static String checked(String id) {
        if (!WHOLE.matcher(id).matches()) {
            throw new IllegalArgumentException("not a container's whole id");
        }
        return id;
    }

    /** Of a WebSocket's address. */
    static String of(URI address) {
        return checked(address.getPath().split("/", -1)[SEGMENT]);
    }
}
