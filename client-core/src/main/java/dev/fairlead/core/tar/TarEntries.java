package dev.fairlead.core.tar;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Entries as they are come by. */
interface TarEntries extends Closeable {

    /** The next one, whose content the caller closes; null after the last. */
    @Nullable
    TarEntry next() throws IOException;
}
