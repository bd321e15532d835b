package dev.fairlead.core.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes, as they come, into values; keeps a bounded state between reads. Not thread-safe. After an exception a
 * decoder is spent: the stream it reads has no more values.
 *
 * @param <T> the type of the values
 */
public interface Decoder<T> {
    /**
     * The next value. Advances the input past what it took, and has taken all of it when it returns null. Keeps no
     * reference to the input.
     *
     * @param input bytes that follow those of the last call
     * @return the value, or null if the input holds no more whole one
     * @throws dev.fairlead.core.error.DockerException if the bytes are no such values, or say that the stream failed
     */
    @Nullable
    T next(ByteBuffer input);

    /**
     * Says that no more bytes will come.
     *
     * @return the last value if one was waiting for its end, else null
     * @throws dev.fairlead.core.error.DockerException {@code Truncated} if the bytes were cut inside a value
     */
    @Nullable
    T end();
}
