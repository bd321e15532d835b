package dev.fairlead.internal;

import dev.fairlead.internal.transport.AnswerHead;
import dev.fairlead.model.ApiVersion;
import dev.fairlead.model.EnginePing;
import org.jspecify.annotations.Nullable;

/** What the headers of a ping say. */
public final class PingReader {

    private PingReader() {}

    /** Reads what is there: older Engines leave some of it out. */
    public static EnginePing read(AnswerHead head) {
        String version = head.header("Api-Version");
        return new EnginePing(
                version == null ? null : ApiVersion.parse(version),
                orEmpty(head.header("Ostype")),
                "true".equalsIgnoreCase(head.header("Docker-Experimental")),
                orEmpty(head.header("Builder-Version")),
                orEmpty(head.header("Swarm")));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
