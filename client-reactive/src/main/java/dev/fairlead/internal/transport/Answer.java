package dev.fairlead.internal.transport;

/**
 * An answer that was read to its end.
 *
 * @param head status and headers
 * @param body all of its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, and never compared.
public record Answer(AnswerHead head, byte[] body) {}
