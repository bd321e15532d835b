package dev.fairlead.internal;

import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.SentSecrets;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.model.ErrorDetail;
import dev.fairlead.model.TransferMessage;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The messages of a transfer: one that says that it has failed is its end. */
final class MessageDecoder<M extends TransferMessage> implements Decoder<M> {

    private final String operation;
    private final Decoder<M> messages;

    private final SentSecrets secrets;

    /** @param secrets what of the request may not be repeated */
    MessageDecoder(String operation, Decoder<M> messages, SentSecrets secrets) {
        this.operation = operation;
        this.messages = messages;
        this.secrets = secrets;
    }

    @Override
    public @Nullable M next(ByteBuffer input) {
        return checked(() -> messages.next(input));
    }

    @Override
    public @Nullable M end() {
        return checked(messages::end);
    }

    private @Nullable M checked(Supplier<@Nullable M> read) {
        M message;
        try {
            message = read.get();
        } catch (ProtocolFailure failure) {
            throw withoutSecrets(failure);
        }
        if (message == null) {
            return null;
        }
        ErrorDetail detail = message.errorDetail();
        if (detail != null) {
            throw new StreamFailed(operation, secrets.hide(detail.message()), detail.code());
        }
        if (!message.error().isEmpty()) {
            throw new StreamFailed(operation, secrets.hide(message.error()), null);
        }
        return message;
    }

    /** What was no message is quoted, and may be a part of what was sent. */
    private ProtocolFailure withoutSecrets(ProtocolFailure failure) {
        return secrets.any()
                ? new ProtocolFailure(
                        operation,
                        "the answer is not the JSON that was expected; it is not shown, as it may repeat credentials")
                : failure;
    }
}
