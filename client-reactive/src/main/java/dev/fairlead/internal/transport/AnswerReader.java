package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;

/**
 * Reads HTTP/1.1 answers, one after the other, from what a connection reads.
 *
 * <p>What one read holds of a body is handed over in one piece, however many chunks it came in: they are moved together where they
 * lie. Keeps nothing of a body, and of a head only what has come of it.
 */
final class AnswerReader {

    /** Who is told. Any of these may tell the reader to {@link #stop}. */
    interface Sink {

        /** An answer that announces another one, by its status below 200. */
        void onInterim(int status);

        /** The head of the answer. */
        void onHead(AnswerHead head);

        /** Bytes of the body, at least one; to be released. */
        void onBody(ByteBuf bytes);

        /** The answer is whole. */
        void onEnd();
    }

    private enum State {
        HEAD,
        FIXED,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        RAW,
        STOPPED
    }

    /** Of a chunk's first line: its size and what may follow that. */
    private static final int MAX_CHUNK_LINE = HeadParser.MAX_LINE;

    private final Sink sink;
    private final HeadParser head = new HeadParser();
    private State state = State.HEAD;
    private boolean bodyless;
    /** Of the body or of the chunk that is being read. */
    private long left;

    private long size;
    private int sizeDigits;
    private int chunkLine;
    private boolean lineEnding;
    /** Of what follows a chunk's size: the last character, and whether a value has begun. */
    private byte before;

    private boolean valued;

    AnswerReader(Sink sink) {
        this.sink = sink;
    }

    /** What is read next answers such a request. */
    void expect(boolean toHead) {
        bodyless = toHead;
        if (state == State.STOPPED) {
            return;
        }
        state = State.HEAD;
    }

    /** Whether the answer says neither how long it is nor when it ends: the connection's end is its own. */
    boolean isUntilClose() {
        return state == State.UNTIL_CLOSE;
    }

    /** Whether the other side keeps the connection open after the answer whose head came last. */
    boolean isKeepAlive() {
        return head.isKeepAlive();
    }

    /** What follows is no HTTP: it is handed over as it comes. */
    void upgrade() {
        state = State.RAW;
    }

    /** Gives up what heads are read into, until there is one: this answer may go on for long. */
    void keepLittle() {
        head.forget();
    }

    /** Nothing more is handed over. */
    void stop() {
        state = State.STOPPED;
    }

    /**
     * Reads on; takes the input over.
     *
     * @return whether something was left after an answer's end that nobody has asked for
     */
    boolean read(ByteBuf input) throws MalformedAnswer {
        try {
            boolean answered = false;
            while (input.isReadable() && state != State.STOPPED) {
                if (answered) {
                    return true;
                }
                answered = step(input);
            }
            return false;
        } finally {
            input.release();
        }
    }

    /** The connection has ended; whether that ended the answer as it should, which is then told. */
    boolean end() {
        if (state != State.UNTIL_CLOSE) {
            return false;
        }
        state = State.HEAD;
        sink.onEnd();
        return true;
    }

    /** Takes at least one byte; whether an answer is whole by that. */
    private boolean step(ByteBuf input) throws MalformedAnswer {
        switch (state) {
            case HEAD -> {
                return head.takeHead(input) && headCame();
            }
            case FIXED -> {
                int taken = (int) Math.min(left, input.readableBytes());
                left -= taken;
                // Before it is handed over, as that may end all this.
                boolean whole = left == 0;
                sink.onBody(input.readRetainedSlice(taken));
                return whole && state == State.FIXED && whole();
            }
            case UNTIL_CLOSE, RAW -> {
                sink.onBody(input.readRetainedSlice(input.readableBytes()));
                return false;
            }
            case STOPPED -> throw new IllegalStateException("stopped");
            default -> {
                return chunks(input);
            }
        }
    }

    private boolean headCame() {
        int status = head.status();
        if (status < 200 && status != 101) {
            sink.onInterim(status);
            return false;
        }
        AnswerHead came = new AnswerHead(status, head.headers());
        if (bodyless || status == 204 || status == 304 || status == 101 || head.contentLength() == 0) {
            sink.onHead(came);
            // An upgrade goes on without an end.
            return state == State.HEAD && whole();
        }
        if (head.isChunked()) {
            state = State.CHUNK_SIZE;
            startChunkLine();
        } else if (head.contentLength() == HeadParser.UNKNOWN) {
            state = State.UNTIL_CLOSE;
        } else {
            state = State.FIXED;
            left = head.contentLength();
        }
        sink.onHead(came);
        return false;
    }

    private boolean whole() {
        state = State.HEAD;
        sink.onEnd();
        return true;
    }

    /** Reads as many chunks as the input holds, and hands over what was in them together. */
    private boolean chunks(ByteBuf input) throws MalformedAnswer {
        int body = -1;
        int end = -1;
        boolean whole = false;
        while (!whole && input.isReadable()) {
            switch (state) {
                case CHUNK -> {
                    int taken = (int) Math.min(left, input.readableBytes());
                    int from = input.readerIndex();
                    if (body < 0) {
                        body = from;
                        end = from;
                    } else {
                        input.setBytes(end, input, from, taken);
                    }
                    end += taken;
                    input.skipBytes(taken);
                    left -= taken;
                    if (left == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case CHUNK_SIZE -> chunkSize(input);
                case CHUNK_END -> chunkEnd(input);
                default -> whole = head.takeTrailer(input);
            }
        }
        if (body >= 0) {
            sink.onBody(input.retainedSlice(body, end - body));
        }
        return whole && state == State.TRAILER && whole();
    }

    private void startChunkLine() {
        size = 0;
        sizeDigits = 0;
        chunkLine = 0;
        lineEnding = false;
        before = 0;
        valued = false;
    }

    private void chunkSize(ByteBuf input) throws MalformedAnswer {
        while (input.isReadable()) {
            byte next = input.readByte();
            if (++chunkLine > MAX_CHUNK_LINE) {
                throw new MalformedAnswer("the line of a chunk's size is longer than " + MAX_CHUNK_LINE + " bytes");
            }
            if (lineEnding) {
                if (next != '\n' || sizeDigits == 0 || before == ';' || before == '=') {
                    throw new MalformedAnswer("no size of a chunk");
                }
                left = size;
                lineEnding = false;
                state = size == 0 ? State.TRAILER : State.CHUNK;
                return;
            }
            if (next == '\r') {
                lineEnding = true;
            } else if (sizeDigits == chunkLine - 1 && digit(next) >= 0) {
                // Fifteen of them: no chunk is longer than what a long counts.
                if (++sizeDigits > 15) {
                    throw new MalformedAnswer("the size of a chunk is beyond all bounds");
                }
                size = size << 4 | digit(next);
            } else {
                extension(next);
            }
        }
    }

    /** What may follow the size, {@code ;name=value}, is read over; quoted values are not read. */
    private void extension(byte next) throws MalformedAnswer {
        boolean first = sizeDigits == chunkLine - 1;
        boolean wordBefore = !first && before != ';' && before != '=';
        boolean allowed =
                switch (next) {
                    case ';' -> first ? sizeDigits > 0 : wordBefore;
                    case '=' -> wordBefore && !valued;
                    default -> !first && HeadParser.isToken(next);
                };
        if (!allowed) {
            throw new MalformedAnswer("no size of a chunk");
        }
        valued = next == '=' || (valued && next != ';');
        before = next;
    }

    private static int digit(byte character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        int lower = character | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private void chunkEnd(ByteBuf input) throws MalformedAnswer {
        byte next = input.readByte();
        if (next != (lineEnding ? '\n' : '\r')) {
            throw new MalformedAnswer("a chunk is longer than it said");
        }
        if (lineEnding) {
            state = State.CHUNK_SIZE;
            startChunkLine();
        } else {
            lineEnding = true;
        }
    }
}
