package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel over asynchronous bytes: one read and one write at a time, each ended on the event loop. A read is asked of the bytes
 * underneath when the pipeline asks for one, and not before.
 *
 * <p>It has no half-close. Docker's pipes take a message of no bytes for it, and the JDK writes none.
 */
final class PipeChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int READ_SIZE = 64 * 1024;

    private final AsynchronousByteChannel bytes;
    private final SocketAddress address;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private boolean reading;
    private boolean writing;
    /** The other side has closed it. */
    private boolean ended;

    private @Nullable IOException broken;

    /** @param name of the other side, for people */
    PipeChannel(AsynchronousByteChannel bytes, String name) {
        super(null);
        this.bytes = bytes;
        this.address = new Name(name);
    }

    private static final class Name extends SocketAddress {
        private static final long serialVersionUID = 1L;
        private final String name;

        Name(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    protected void doBeginRead() {
        if (reading) {
            return;
        }
        reading = true;
        ByteBuf piece = alloc().directBuffer(READ_SIZE);
        bytes.read(
                piece.nioBuffer(0, READ_SIZE),
                null,
                new OnLoop((count, failure) -> read(piece, count, failure), piece));
    }

    private void read(ByteBuf piece, int count, @Nullable Throwable failure) {
        reading = false;
        if (!isOpen() || count < 0 || failure != null) {
            piece.release();
            // The other side of a pipe that closed it is no end, but an error, in the words of Windows: any is the end.
            ended = true;
            if (!writing) {
                var unused = close();
            }
            // A write that is under way may have gone well, and be told of later: it ends now, one way or the other.
            return;
        }
        pipeline().fireChannelRead(piece.writerIndex(count));
        pipeline().fireChannelReadComplete();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer outbound) throws IOException {
        IOException failure = broken;
        if (failure != null) {
            throw failure;
        }
        if (writing) {
            return;
        }
        Object message = outbound.current();
        while (message instanceof ByteBuf empty && !empty.isReadable()) {
            outbound.remove();
            message = outbound.current();
        }
        if (message instanceof ByteBuf piece) {
            writing = true;
            // Closing releases what was not written, and the system may still read it then.
            piece.retain();
            bytes.write(piece.nioBuffer(), null, new OnLoop((count, problem) -> written(piece, count, problem), piece));
        }
    }

    private void written(ByteBuf piece, int count, @Nullable Throwable failure) {
        writing = false;
        piece.release();
        ChannelOutboundBuffer outbound = unsafe().outboundBuffer();
        if (outbound == null) {
            return;
        }
        if (failure != null) {
            broken = failure instanceof IOException known ? known : new IOException(failure);
        } else {
            outbound.removeBytes(count);
        }
        if (ended) {
            var unused = close();
        } else {
            ((PipeUnsafe) unsafe()).writeOn();
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("a pipe takes bytes, and no " + message.getClass());
    }

    /** What could not be written is told by its promise; reading goes on. */
    @Override
    protected void doShutdownOutput() {}

    @Override
    protected void doClose() throws IOException {
        bytes.close();
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("bind");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new PipeUnsafe();
    }

    /** It needs nothing of the loop but its thread. */
    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return bytes.isOpen();
    }

    @Override
    public boolean isActive() {
        return bytes.isOpen();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    private final class PipeUnsafe extends AbstractUnsafe {

        /** It is connected when it is made. */
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("connect"));
        }

        void writeOn() {
            flush0();
        }
    }

    /** Carries the end of a read or write from a thread of the JDK to the event loop. */
    private final class OnLoop implements CompletionHandler<Integer, @Nullable Void> {

        private final BiConsumer<Integer, @Nullable Throwable> end;
        private final ByteBuf held;

        /** @param held is released where no loop is left to end it on */
        OnLoop(BiConsumer<Integer, @Nullable Throwable> end, ByteBuf held) {
            this.end = end;
            this.held = held;
        }

        @Override
        public void completed(Integer count, @Nullable Void attachment) {
            tell(count, null);
        }

        @Override
        public void failed(Throwable failure, @Nullable Void attachment) {
            tell(0, failure);
        }

        private void tell(int count, @Nullable Throwable failure) {
            try {
                eventLoop().execute(() -> end.accept(count, failure));
            } catch (RejectedExecutionException ended) {
                held.release();
            }
        }
    }
}
