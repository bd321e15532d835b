package dev.fairlead;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an exchange has moved so far: read it while it goes on, or at its end. Heads, chunks' and TLS's own bytes do not count. */
public final class ExchangeTraffic {

    private final AtomicLong sent = new AtomicLong();
    // Only the one thread that reads the answer writes these two: an addition that others may make meanwhile would be a
    // good part of what a small frame takes.
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong items = new AtomicLong();
    private volatile @Nullable LongSupplier ahead;

    ExchangeTraffic() {}

    /** Bytes of the request's body, and of what was written to a session, that were handed over to be sent. */
    public long bytesSent() {
        return sent.get();
    }

    /** Bytes of the answer's body that were taken in: of a stream those that were decoded. */
    public long bytesReceived() {
        return received.get();
    }

    /** Values that a stream has given: frames, messages, events. None of a call's. */
    public long items() {
        return items.get();
    }

    /**
     * Bytes of a stream's or a session's answer that were read from the socket ahead of its subscriber, and wait for it to ask for more:
     * 64 KiB at most, and what the kernel held when the Engine has closed the connection. None once it is over. Events are
     * decoded at once, whoever asks for them, and not counted here while they wait.
     */
    public long bytesAhead() {
        LongSupplier open = ahead;
        return open == null ? 0 : open.getAsLong();
    }

    void opened(LongSupplier bytesAhead) {
        ahead = bytesAhead;
    }

    /** Lets go of the connection: whoever looked on may keep this for long. */
    void over() {
        ahead = null;
    }

    void sent(long bytes) {
        sent.addAndGet(bytes);
    }

    void received(long bytes) {
        received.setRelease(received.getPlain() + bytes);
    }

    void item() {
        items.setRelease(items.getPlain() + 1);
    }

    @Override
    public String toString() {
        return "ExchangeTraffic[sent=" + sent + ", received=" + received + ", items=" + items + "]";
    }
}
