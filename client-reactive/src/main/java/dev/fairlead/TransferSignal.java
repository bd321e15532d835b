package dev.fairlead;

import dev.fairlead.model.TransferProgress;

/**
 * What a {@link Transfer} tells: how far it is, again and again, and at last what came of it.
 *
 * @param <T> the result
 */
public sealed interface TransferSignal<T> {

    /**
     * How far it is.
     *
     * @param progress all of it at this moment
     */
    record Progress<T>(TransferProgress progress) implements TransferSignal<T> {}

    /**
     * It has succeeded.
     *
     * @param result what came of it
     */
    record Done<T>(T result) implements TransferSignal<T> {}
}
