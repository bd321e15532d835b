package dev.fairlead.internal.transport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was read to its end.
 *
 * @param head status and headers
 * @param body all of its bytes; none when they were decoded as they came
 * @param elements what was decoded as {@link EngineRequest#elements()} asked for, or null where the answer was no array
 * @param size the length of the body in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, and never compared.
public record Answer(AnswerHead head, byte[] body, @Nullable List<?> elements, long size) {
    private static final byte[] NO_BYTES = new byte[0];

    /** One as bytes. */
    public Answer(AnswerHead head, byte[] body) {
        this(head, body, null, body.length);
    }

    static Answer of(AnswerHead head, List<?> elements, long size) {
        return new Answer(head, NO_BYTES, elements, size);
    }
}
