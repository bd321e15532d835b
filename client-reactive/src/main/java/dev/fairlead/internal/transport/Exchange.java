package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import reactor.util.context.ContextView;

/** One request and its answer, as its connection tells it. Everything is called on the connection's event loop. */
interface Exchange {

    /** What to send. */
    EngineRequest request();

    /** Of whoever asked, for what gives the request's body. */
    ContextView context();

    /** Whether its answer may go on for long, so that what is kept of it counts. */
    default boolean isLong() {
        return false;
    }

    /** The head of the answer came. */
    void onHead(AnswerHead head);

    /** Bytes of the answer came; the exchange releases them. */
    void onBytes(ByteBuf bytes);

    /** What one read brought has been handed over. */
    void onReadComplete();

    /** The answer is whole. The connection is no longer this exchange's. */
    void onEnd();

    /** The answer will not come, or not to its end. The connection is closed. */
    void onFailure(Throwable failure);
}
