package dev.fairlead.architecture.offending;

import tools.jackson.databind.annotation.JsonDeserialize;

/** Prints; and is annotated for one Jackson only. */
@JsonDeserialize
public final class Loud {
    @SuppressWarnings("CatchAndPrintStackTrace")
    void print() {
        try {
            System.out.println("loud");
        } catch (RuntimeException failure) {
            failure.printStackTrace();
        }
    }
}
