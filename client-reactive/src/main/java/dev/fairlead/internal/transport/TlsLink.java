package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.host.DockerHost;
import dev.fairlead.core.tls.TlsContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * The TLS under a connection: it ends each direction by a word of its own, close_notify, and not by the socket's end. Without that word
 * an end may be anybody's who stands between, and what came before it may be cut. On the event loop.
 */
final class TlsLink {

    private final SslHandler handler;
    private final TlsContext context;
    private boolean ended;

    TlsLink(SslHandler handler, TlsContext context) {
        this.handler = handler;
        this.context = context;
    }

    /** Says that nothing more will be written; what the Engine writes still arrives. */
    void endOutput(Runnable done) {
        handler.closeOutbound().addListener(told -> done.run());
    }

    /** Whether this event is the Engine's end. Go sends it with each close, and alone where a program's output has ended. */
    boolean isEnd(Object event) {
        ended |= event instanceof SslCloseCompletionEvent end && end.isSuccess();
        return ended;
    }

    /** Whether the Engine has said that it writes no more. */
    boolean hasEnded() {
        return ended;
    }

    /** Closes with close_notify where the socket takes it at once; it is not waited for behind what nobody reads. */
    void close(Channel channel) {
        ChannelHandlerContext below = channel.pipeline().context(handler);
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (below != null && unsent != null && !unsent.isEmpty()) {
            var unused = below.close();
        } else {
            var unused = channel.close();
        }
    }

    boolean hasCertificate() {
        return context.hasCertificate();
    }

    @Nullable
    ConnectionFailed explain(String operation, DockerHost host, Throwable cause) {
        return context.explain(operation, host.toString(), cause);
    }
}
