package dev.fairlead.core.tar;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Is told what is in a tar, in the order of the tar. */
interface TarVisitor {

    /** The next entry; the one before has ended. */
    void entry(TarHead head) throws IOException;

    /** A piece of the content of the last entry, which it has to take whole. */
    void content(ByteBuffer piece) throws IOException;

    /** All of the content of the last entry has come. */
    void endOfEntry() throws IOException;
}
