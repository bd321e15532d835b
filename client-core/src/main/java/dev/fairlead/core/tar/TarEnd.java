package dev.fairlead.core.tar;

import dev.fairlead.core.error.ProtocolFailure;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks where a tar that passes by is, so that zeros in the middle of a file are not taken for its end. Holds one head at most. Of a tar in
 * a form that {@link TarReader} does not read it knows nothing.
 */
public final class TarEnd {
    private static final TarVisitor NOBODY = new TarVisitor() {
        @Override
        public void entry(TarHead head) {}

        @Override
        public void content(ByteBuffer piece) {}

        @Override
        public void endOfEntry() {}
    };

    private final TarReader reader;
    private boolean lost;

    /**
     * At the start of a tar.
     *
     * @param operation the operation whose answer it is
     */
    public TarEnd(String operation) {
        this.reader = new TarReader(operation);
    }

    /**
     * Takes the next piece; its position stays where it is.
     *
     * @param piece some bytes
     */
    public void pass(ByteBuffer piece) {
        if (lost) {
            return;
        }
        try {
            reader.read(piece.duplicate(), NOBODY);
        } catch (ProtocolFailure unread) {
            lost = true;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Whether an entry has begun that has not ended.
     *
     * @return true if so, false if not or if nothing is known
     */
    public boolean isWithinEntry() {
        return !lost && reader.isWithinEntry();
    }
}
