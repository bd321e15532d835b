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
    private boolean failed;

    private TlsHandshake(MonoSink<SslHandler> sink) {
        this.sink = sink;
    }

    /** Shakes hands on a connected channel; emits on its event loop. Cancelling closes the channel, and so does a failure. */
    static Mono<SslHandler> on(Channel channel, SSLEngine engine, Duration limit) {
        return Mono.create(sink -> {
            var unused = sink.onCancel(() -> close(channel));
            SslHandler tls = new SslHandler(engine);
            tls.setHandshakeTimeoutMillis(limit.toMillis());
            channel.pipeline().addLast("fairlead.tls", tls).addLast("fairlead.handshake", new TlsHandshake(sink));
        });
    }

    private static void close(Channel channel) {
        var unused = channel.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completed) {
            if (completed.isSuccess()) {
                SslHandler tls = context.pipeline().get(SslHandler.class);
                context.pipeline().remove(this);
                sink.success(tls);
            } else {
                fail(context, completed.cause());
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    /** Once: TLS tells a failure by its event, and some by an exception too. */
    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!failed) {
            failed = true;
            sink.error(cause);
            close(context.channel());
        }
    }
}
