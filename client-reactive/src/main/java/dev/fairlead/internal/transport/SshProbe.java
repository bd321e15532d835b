package dev.fairlead.internal.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Asks whoever is at the other end for a sign of life. ssh takes connections before it knows whether they lead anywhere. */
final class SshProbe extends ChannelInboundHandlerAdapter {

    private static final byte[] PING =
            "GET /_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final MonoSink<Void> sink;

    private boolean told;

    private SshProbe(MonoSink<Void> sink) {
        this.sink = sink;
    }

    /** Completes with the first byte that comes; else fails, by an EOFException if the channel's end is all that came. Closes the channel. */
    static Mono<Void> on(Channel channel) {
        return Mono.<Void>create(sink -> channel.eventLoop().execute(() -> {
                    SshProbe probe = new SshProbe(sink);
                    channel.pipeline().addLast(probe);
                    channel.config().setAutoRead(true);
                    var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(PING), channel.voidPromise());
                    if (!channel.isActive()) {
                        probe.fail(new EOFException("closed without an answer"));
                    }
                }))
                .doFinally(signal -> {
                    var unused = channel.close();
                });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        told = true;
        sink.success();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new EOFException("closed without an answer"));
    }

    private void fail(Throwable cause) {
        if (!told) {
            told = true;
            sink.error(cause);
        }
    }
}
