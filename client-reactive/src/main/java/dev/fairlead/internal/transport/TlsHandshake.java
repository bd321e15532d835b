package dev.fairlead.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Waits at the end of the pipeline for TLS to be agreed on, and makes room then: what comes next is HTTP. */
final class TlsHandshake extends ChannelInboundHandlerAdapter {

    private final MonoSink<SslHandler> sink;

    private TlsHandshake(MonoSink<SslHandler> sink) {
        this.sink = sink;
    }

    /** Shakes hands on a connected channel; emits on its event loop. Cancelling closes the channel, and so does a failure. */
    static Mono<SslHandler> on(Channel channel, SSLEngine engine, Duration limit) {
        return Mono.create(sink -> {
            var unused = sink.onCancel(channel::close);
            SslHandler tls = new SslHandler(engine);
            tls.setHandshakeTimeoutMillis(limit.toMillis());
            channel.pipeline().addLast("fairlead.tls", tls).addLast("fairlead.handshake", new TlsHandshake(sink));
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completed) {
            if (completed.isSuccess()) {
                SslHandler tls = context.pipeline().get(SslHandler.class);
                context.pipeline().remove(this);
                sink.success(tls);
            } else {
                sink.error(completed.cause());
                var unused = context.close();
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The event that follows tells it; what breaks before TLS knows of it ends here.
        sink.error(cause);
        var unused = context.close();
    }
}
