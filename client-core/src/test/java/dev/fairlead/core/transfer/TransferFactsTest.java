package dev.fairlead.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.BuildInfo;
import org.junit.jupiter.api.Test;

class TransferFactsTest {
    private static final String OLD = "sha256:" + "0".repeat(64);
    private static final String ALONE = "sha256:" + "1".repeat(64);

    private static TransferFacts loaded(String... texts) {
        TransferFacts facts = TransferFacts.ofLoad();
        for (String text : texts) {
            facts.add(BuildInfo.builder().stream(text).build());
        }
        return facts;
    }

    /** The image that was called so is still there, without a name, and was not loaded. */
    @Test
    void anImageThatLosesItsNameIsNotLoaded() {
        assertThat(loaded(
                                "The image x:1 already exists, renaming the old one with ID " + OLD
                                        + " to empty string\n",
                                "Loaded image: x:1\n")
                        .names())
                .containsExactly("x:1");
    }

    @Test
    void anImageWithoutANameIsLoadedByItsId() {
        assertThat(loaded("Loaded image ID: " + ALONE + "\n", "Loaded image: x:1\n")
                        .names())
                .containsExactly(ALONE, "x:1");
    }
}
