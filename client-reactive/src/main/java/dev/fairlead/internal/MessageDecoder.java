package dev.fairlead.internal;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.wire.Decoder;
import dev.fairlead.model.ErrorDetail;
import dev.fairlead.model.TransferMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The messages of a transfer: one that says that it has failed is its end. */
final class MessageDecoder<M extends TransferMessage> implements Decoder<M> {

    private final String operation;
    private final Decoder<M> messages;

    MessageDecoder(String operation, Decoder<M> messages) {
        this.operation = operation;
        this.messages = messages;
    }

    @Override
    public @Nullable M next(ByteBuffer input) {
        return checked(messages.next(input));
    }

    @Override
    public @Nullable M end() {
        return checked(messages.end());
    }

    private @Nullable M checked(@Nullable M message) {
        if (message == null) {
            return null;
        }
        ErrorDetail detail = message.errorDetail();
        if (detail != null) {
            throw new StreamFailed(operation, detail.message(), detail.code());
        }
        if (!message.error().isEmpty()) {
            throw new StreamFailed(operation, message.error(), null);
        }
        return message;
    }
}
