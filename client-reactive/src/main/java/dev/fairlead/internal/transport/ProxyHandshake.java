package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Talks to a proxy until that leads to the Engine, and makes room then. Reads as it needs to, with auto-read off. */
final class ProxyHandshake extends ChannelInboundHandlerAdapter {

    private final ProxyTalk talk;
    private final MonoSink<Channel> sink;
    private final Duration limit;
    private @Nullable ByteBuf said;
    private @Nullable Future<?> timer;
    /** Nobody waits for it any more; a cancel comes from any thread. */
    private volatile boolean over;

    private ProxyHandshake(ProxyTalk talk, MonoSink<Channel> sink, Duration limit) {
        this.talk = talk;
        this.sink = sink;
        this.limit = limit;
    }

    /** Talks on a connected channel and emits that, on its event loop. Cancelling closes the channel, and so does a failure. */
    static Mono<Channel> on(Channel channel, ProxyTalk talk, Duration limit) {
        return Mono.create(sink -> {
            ProxyHandshake handshake = new ProxyHandshake(talk, sink, limit);
            var unused = sink.onCancel(() -> {
                handshake.over = true;
                close(channel);
            });
            channel.pipeline().addLast("fairlead.proxy", handshake);
        });
    }

    private static void close(Channel channel) {
        var unused = channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        said = context.alloc().heapBuffer();
        if (!context.channel().isActive()) {
            fail(context, new IOException("it closed the connection"));
            return;
        }
        timer = context.executor()
                .schedule(
                        () -> fail(context, new IOException("no answer within " + limit.toMillis() + " ms")),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        write(context, talk.opening());
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf all = said;
        if (over || all == null || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            all.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        ByteBuf answer = context.alloc().buffer();
        boolean done;
        try {
            done = talk.hear(all, answer);
        } catch (ProxyRefused refused) {
            answer.release();
            fail(context, refused);
            return;
        }
        write(context, answer);
        if (done) {
            succeed(context, all);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (over) {
            context.fireChannelReadComplete();
        } else {
            context.read();
        }
    }

    /** What came with the proxy's last word is the Engine's, and goes to whoever took the channel meanwhile. */
    private void succeed(ChannelHandlerContext context, ByteBuf rest) {
        over = true;
        said = null;
        stopTimer();
        sink.success(context.channel());
        if (rest.isReadable()) {
            context.fireChannelRead(rest);
        } else {
            rest.release();
        }
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    /** A failed write is told by what is read, or by its end. */
    private static void write(ChannelHandlerContext context, ByteBuf bytes) {
        if (bytes.isReadable()) {
            var unused = context.writeAndFlush(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new IOException("it closed the connection"));
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopTimer();
        ByteBuf unread = said;
        said = null;
        if (unread != null) {
            unread.release();
        }
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            over = true;
            stopTimer();
            sink.error(cause);
            close(context.channel());
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
