package dev.fairlead.core.transfer;

import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.TransferMessage;
import java.util.regex.Pattern;

/** The same message from an Engine that speaks another language: every English word is replaced, names and digests are left. */
final class Translation {

    private static final Pattern WORD = Pattern.compile("(?<![^\\s])[A-Za-z]+:?(?![^\\s])");

    private Translation() {}

    static TransferMessage of(TransferMessage message) {
        if (message instanceof BuildInfo build) {
            return build.toBuilder().stream(translated(build.stream()))
                    .status(translated(build.status()))
                    .build();
        }
        if (message instanceof PushImageInfo push) {
            return push.toBuilder().status(translated(push.status())).build();
        }
        CreateImageInfo create = (CreateImageInfo) message;
        return create.toBuilder().status(translated(create.status())).build();
    }

    private static String translated(String text) {
        return WORD.matcher(text).replaceAll("Wort");
    }
}
