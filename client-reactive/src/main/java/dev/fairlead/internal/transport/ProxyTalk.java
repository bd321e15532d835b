package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;

/** What is said to a proxy before it leads anywhere. One for each connection, on its event loop. */
interface ProxyTalk {

    /** What this side begins with; the caller's to release. */
    ByteBuf opening();

    /**
     * Takes what the proxy says from the buffer, as far as it is whole, and nothing that follows its last word.
     *
     * @param said all that has come and was not taken yet
     * @param answer what this side says to it is written here
     * @return whether the proxy now leads to the Engine
     * @throws ProxyRefused if it does not
     */
    boolean hear(ByteBuf said, ByteBuf answer) throws ProxyRefused;
}
