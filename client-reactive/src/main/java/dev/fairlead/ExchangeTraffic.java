package dev.fairlead;

import java.util.concurrent.atomic.AtomicLong;

/** What an exchange has moved so far: read it while it goes on, or at its end. Heads, chunks' and TLS's own bytes do not count. */
public final class ExchangeTraffic {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong items = new AtomicLong();

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

    void sent(long bytes) {
        sent.addAndGet(bytes);
    }

    void received(long bytes) {
        received.addAndGet(bytes);
    }

    void item() {
        items.incrementAndGet();
    }

    @Override
    public String toString() {
        return "ExchangeTraffic[sent=" + sent + ", received=" + received + ", items=" + items + "]";
    }
}
