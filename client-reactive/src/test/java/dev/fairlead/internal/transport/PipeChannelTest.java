package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which reads and writes end is the system's: what a pipe makes of each. */
@Timeout(10)
final class PipeChannelTest {

    private final EventLoop loop = new DefaultEventLoop();
    private final Bytes bytes = new Bytes();
    private PipeChannel pipe = new PipeChannel(bytes, "pipe");

    @BeforeEach
    void open() throws Exception {
        loop.register(pipe).sync();
        pipe.config().setAutoRead(false);
        pipe.read();
        settle();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close().sync();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }

    @Test
    void writeThatWentWellBeforeTheEndIsNoFailureWhenItIsToldAfterIt() throws Exception {
        ChannelFuture written = write("12345");
        bytes.endRead(-1);
        settle();
        assertThat(written.isDone()).isFalse();
        assertThat(pipe.isOpen()).isTrue();
        bytes.endWrite(5);
        assertThat(written.await().isSuccess()).isTrue();
        assertThat(pipe.closeFuture().await().isSuccess()).isTrue();
    }

    @Test
    void writeThatTheEndBrokeFails() throws Exception {
        ChannelFuture written = write("12345");
        bytes.endRead(-1);
        bytes.endWrite(2);
        assertThat(written.await().cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(pipe.isOpen()).isFalse();
    }

    @Test
    void endWithoutAWriteClosesAtOnce() throws Exception {
        bytes.endRead(-1);
        assertThat(pipe.closeFuture().await().isSuccess()).isTrue();
    }

    private ChannelFuture write(String text) throws Exception {
        ChannelFuture written = pipe.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        settle();
        return written;
    }

    /** What the loop has been given is done. */
    private void settle() throws Exception {
        loop.submit(() -> {}).sync();
    }

    /** Reads and writes that end when the test says so, or with the channel. */
    private static final class Bytes implements AsynchronousByteChannel {

        private final AtomicReference<@Nullable CompletionHandler<Integer, ?>> reads = new AtomicReference<>();
        private final AtomicReference<@Nullable CompletionHandler<Integer, ?>> writes = new AtomicReference<>();
        private volatile boolean open = true;

        /** Ends the read that is under way; with no bytes left for -1. */
        void endRead(int count) {
            Objects.requireNonNull(reads.getAndSet(null)).completed(count, null);
        }

        void endWrite(int count) {
            Objects.requireNonNull(writes.getAndSet(null)).completed(count, null);
        }

        @Override
        public <A extends @Nullable Object> void read(
                ByteBuffer into, A attachment, CompletionHandler<Integer, ? super A> handler) {
            reads.set(handler);
        }

        @Override
        public <A extends @Nullable Object> void write(
                ByteBuffer from, A attachment, CompletionHandler<Integer, ? super A> handler) {
            writes.set(handler);
        }

        @Override
        public Future<Integer> read(ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Integer> write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
            fail(reads.getAndSet(null));
            fail(writes.getAndSet(null));
        }

        private static void fail(@Nullable CompletionHandler<Integer, ?> under) {
            if (under != null) {
                under.failed(new AsynchronousCloseException(), null);
            }
        }
    }
}
