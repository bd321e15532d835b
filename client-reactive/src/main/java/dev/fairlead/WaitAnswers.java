package dev.fairlead;

import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.model.ContainerWaitExitError;
import dev.fairlead.model.ContainerWaitResponse;
import dev.fairlead.model.ExitStatus;

/** What the answer to a wait means. */
final class WaitAnswers {

    private static final String OPERATION = "POST /containers/{id}/wait";

    private WaitAnswers() {}

    /** The exit code; but a wait that the Engine gave up says -1, or why, and that is no exit code. */
    static ExitStatus toStatus(ContainerWaitResponse answer) {
        ContainerWaitExitError error = answer.error();
        if (error != null && !error.message().isEmpty()) {
            throw new StreamFailed(OPERATION, error.message(), answer.statusCode());
        }
        if (answer.statusCode() < 0) {
            throw new StreamFailed(OPERATION, "the Engine gave up waiting", answer.statusCode());
        }
        return new ExitStatus(answer.statusCode());
    }
}
