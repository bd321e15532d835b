package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.host.DockerHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * HTTP/1.1 on one channel, one exchange after the other.
 *
 * <p>Lives on the channel's event loop: but for {@link #close()} and {@link #onLoop}, nothing here may be called from elsewhere.
 */
final class EngineConnection extends ChannelInboundHandlerAdapter implements AnswerReader.Sink {

    /** What goes into one buffer with its request's head; more is written after it and not copied. */
    private static final int SMALL_BODY = 16 * 1024;

    private static final int FIRST_ROOM = 512;
    private static final byte[] NOTHING = new byte[0];
    private static final String NAME = "fairlead.connection";

    /** Answers before the answer (1xx) to one request; an Engine sends one at most. */
    private static final int MOST_INTERIM = 32;

    private final Channel channel;
    private final DockerHost host;
    private final @Nullable TlsLink tls;
    private final AnswerReader reader = new AnswerReader(this);
    private @Nullable AnswerTimer timer;

    private @Nullable Exchange exchange;
    /** Has its whole answer, and is told so when what was read with it is known to hold nothing more. */
    private @Nullable Exchange answered;

    private @Nullable OutboundWriter writer;
    private @Nullable Runnable onClose;
    private @Nullable HeadWatch headWatch;
    private @Nullable Throwable broken;
    private boolean headSeen;
    private int interim;
    private boolean raw;
    private boolean closing;
    private boolean keepAlive = true;
    private boolean ended;
    private boolean wroteInput;
    private boolean outputGone;
    private int exchanges;
    private boolean reading;

    private EngineConnection(Channel channel, DockerHost host, @Nullable TlsLink tls) {
        this.channel = channel;
        this.host = host;
        this.tls = tls;
    }

    /** Speaks HTTP on a connected channel whose auto-read is off, in TLS where that was agreed on. */
    static EngineConnection on(Channel channel, DockerHost host, @Nullable TlsLink tls) {
        EngineConnection connection = new EngineConnection(channel, host, tls);
        if (host instanceof DockerHost.Tcp && tls == null) {
            channel.pipeline().addLast("fairlead.tls-alert", new TlsAlertDetector(connection));
        }
        channel.pipeline().addLast(NAME, connection);
        return connection;
    }

    /** Called once when the connection is gone, on its event loop: at once when it is already. */
    void onClose(Runnable listener) {
        if (channel.isActive()) {
            onClose = listener;
        } else {
            listener.run();
        }
    }

    /** Reads whatever comes, at once: for pooled connections, whose end has to be noticed while they rest. */
    void readEagerly(boolean eagerly) {
        channel.config().setAutoRead(eagerly);
    }

    boolean isOpen() {
        return channel.isActive() && broken == null;
    }

    /** Fails what is under way when the head of its answer comes in part only: for exchanges that have no time-out. */
    void watchHead() {
        if (!channel.isActive()) {
            return;
        }
        HeadWatch watch = new HeadWatch(this::headIsLate);
        headWatch = watch;
        channel.pipeline().addBefore(NAME, "fairlead.head", watch);
    }

    private void headIsLate() {
        Exchange current = exchange;
        if (current != null && !headSeen) {
            fail(new ProtocolFailure(
                    current.request().operation(),
                    "the answer's head has begun and not ended within " + HeadWatch.LIMIT.toSeconds() + " s"));
        }
    }

    /** Open, at rest, and with an Engine that will take another request. */
    boolean isReusable() {
        return isOpen() && exchange == null && answered == null && writer == null && keepAlive && !raw;
    }

    /** Whether an earlier exchange went well here: then a silent close is the Engine's, made while the connection rested. */
    boolean wasUsedBefore() {
        return exchanges > 1;
    }

    /** Whether it was the Engine who ended it, or the network, and not this side. */
    boolean endedByEngine() {
        return ended;
    }

    boolean inLoop() {
        return channel.eventLoop().inEventLoop();
    }

    /** Runs a task on the event loop: now when that is the caller's thread. */
    void onLoop(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /**
     * As {@link #onLoop}; a loop that has ended, as when its owner was quicker, has closed its channels already.
     *
     * @return false where it has ended
     */
    boolean onLoopIfAny(Runnable task) {
        try {
            onLoop(task);
            return true;
        } catch (RejectedExecutionException ended) {
            if (!channel.eventLoop().isShuttingDown()) {
                throw ended;
            }
            return false;
        }
    }

    /** For the exchange that is under way; those without a limit have none. */
    AnswerTimer timer() {
        AnswerTimer there = timer;
        if (there == null) {
            there = new AnswerTimer(channel.eventLoop());
            timer = there;
        }
        return there;
    }

    Channel channel() {
        return channel;
    }

    DockerHost host() {
        return host;
    }

    /** Sends the request of the exchange and lets it have the answer. */
    void start(Exchange next) {
        exchange = next;
        headSeen = false;
        interim = 0;
        exchanges++;
        if (!isOpen()) {
            ended = true;
            fail(unanswered(next.request().operation(), broken, false));
            return;
        }
        reader.expect(next.request().method().equals("HEAD"));
        try {
            send(next);
        } catch (IllegalArgumentException refused) {
            // A header or a path that can't be written as it is: nothing was.
            fail(refused);
        }
    }

    private void send(Exchange next) {
        EngineRequest request = next.request();
        byte[] body = request.body() instanceof Body.Bytes bytes ? bytes.bytes() : NOTHING;
        boolean together = body.length <= SMALL_BODY;
        ByteBuf head = channel.alloc().directBuffer(FIRST_ROOM + (together ? body.length : 0));
        try {
            RequestHead.write(head, request, hostHeader());
        } catch (IllegalArgumentException refused) {
            head.release();
            throw refused;
        }
        if (together) {
            writeAndFlush(head.writeBytes(body));
        } else {
            write(head);
            writeAndFlush(Unpooled.wrappedBuffer(body));
        }
        if (request.body() instanceof Body.Streamed streamed) {
            OutboundWriter upload = OutboundWriter.chunked(this, request.operation(), next.context());
            writer = upload;
            upload.start(streamed.source());
        }
    }

    /** The Engine wants a well-formed one even on a Unix socket, where it means nothing. */
    private String hostHeader() {
        if (host instanceof DockerHost.Tcp tcp) {
            return Names.withPort(tcp);
        }
        return "localhost";
    }

    /** A failed write is not the error: the Engine may have answered before it closed. What is read tells. */
    void writeAndFlush(ByteBuf bytes) {
        write(bytes);
        channel.flush();
    }

    private void write(ByteBuf bytes) {
        if (tls == null) {
            var unused = channel.write(bytes, channel.voidPromise());
        } else {
            // TLS writes records of its own in place of the message, and a void promise would not hear of their
            // failure.
            channel.write(bytes).addListener(written -> {
                Throwable problem = written.cause();
                if (problem != null) {
                    // By TLS it fails when the Engine has ended: that is no failure of what is read.
                    caught(problem instanceof SSLException ? new ClosedChannelException() : problem);
                }
            });
        }
    }

    /** Writes to an upgraded connection, between two pieces of what its writer writes. */
    void send(ByteBuffer bytes) {
        writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** Writes to an upgraded connection and closes it then; for its exchange that is the end. */
    void sendLast(ByteBuffer bytes) {
        closing = true;
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(written -> closeChannel());
    }

    /** Asks the socket for one more read, unless one is under way. */
    void read() {
        if (!reading && !channel.config().isAutoRead()) {
            reading = true;
            channel.read();
        }
    }

    /** The writer for the side of the caller, after the connection was taken out of HTTP. */
    OutboundWriter openWriter(String operation, ContextView context) {
        OutboundWriter opened = OutboundWriter.raw(this, operation, context);
        wroteInput = true;
        writer = opened;
        return opened;
    }

    void writerDone(OutboundWriter done) {
        if (writer == done) {
            writer = null;
        }
    }

    /** Whether it was taken out of HTTP: what is written to any other would be read as the next request. */
    boolean isRaw() {
        return raw;
    }

    /** Whether nothing can be written any more, though there may be something left to read. */
    boolean isOutputGone() {
        return outputGone;
    }

    /** Whether the way has a word for the end of what is written, apart from the end of the connection. */
    boolean canEndOutput() {
        return tls != null || channel instanceof DuplexChannel;
    }

    /** Tells the other side that nothing more will be written; what it writes is still read to the end. */
    void shutdownOutput(Runnable done) {
        if (tls != null) {
            tls.endOutput(done);
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel.isActive() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(shut -> done.run());
            } else {
                done.run();
            }
        });
    }

    /** From any thread. */
    void close() {
        var unused = onLoopIfAny(() -> {
            exchange = null;
            reader.stop();
            closeChannel();
        });
    }

    private void closeChannel() {
        if (tls == null) {
            var unused = channel.close();
        } else {
            tls.close(channel);
        }
    }

    /** Closes and tells the exchange that the client was closed. From any thread. */
    void closeWithClient() {
        var unused = onLoopIfAny(() -> {
            Exchange current = exchange;
            fail(Failures.clientClosed(
                    host, current == null ? "close" : current.request().operation()));
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Exchange current = exchange;
        if (current == null || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            unexpected();
            return;
        }
        try {
            if (reader.read(bytes)) {
                unexpected();
            }
        } catch (MalformedAnswer malformed) {
            fail(new ProtocolFailure(
                    current.request().operation(), "the answer is not HTTP: " + malformed.getMessage(), malformed));
        }
    }

    @Override
    public void onInterim(int status) {
        Exchange current = exchange;
        if (headWatch != null) {
            headWatch.restart();
        }
        if (current != null && ++interim > MOST_INTERIM) {
            fail(new ProtocolFailure(
                    current.request().operation(),
                    "the Engine sent more than " + MOST_INTERIM + " interim answers (" + status
                            + ") and none that counts"));
        }
    }

    @Override
    public void onHead(AnswerHead head) {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        headSeen = true;
        HeadWatch watch = headWatch;
        headWatch = null;
        if (watch != null && channel.pipeline().context(watch) != null) {
            channel.pipeline().remove(watch);
        }
        boolean switched = head.status() == 101;
        keepAlive = reader.isKeepAlive() && !switched;
        boolean bareStream = head.status() == 200 && reader.isUntilClose();
        if (current.request().upgrade() != null && (switched || bareStream)) {
            // Now, as the exchange may write as soon as it has the head. Where it is a 200, a proxy took the upgrade
            // away: the answer is a stream until the close all the same.
            raw = true;
            reader.upgrade();
        }
        if (current.isLong()) {
            reader.keepLittle();
        }
        current.onHead(head);
    }

    @Override
    public void onBody(ByteBuf bytes) {
        Exchange current = exchange;
        if (current == null) {
            bytes.release();
        } else {
            current.onBytes(bytes);
        }
    }

    /** The answer is whole; told when what was read with it is known to hold nothing more. */
    @Override
    public void onEnd() {
        answered = exchange;
        exchange = null;
        OutboundWriter unfinished = writer;
        writer = null;
        if (unfinished != null) {
            keepAlive = false;
            // The Engine answered before it had all of the body: what is left is not worth sending.
            unfinished.cancel();
        }
    }

    private void tellAnswered() {
        Exchange whole = answered;
        answered = null;
        if (whole != null) {
            whole.onEnd();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        tellAnswered();
        if (exchange != null) {
            exchange.onReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (writer != null) {
            writer.drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Mono<ConnectionFailed> lostOnTheWay = exchange == null ? null : SshEnd.reason(channel);
        if (lostOnTheWay == null) {
            onGone();
            return;
        }
        if (writer != null) {
            writer.onClosed();
            writer = null;
        }
        var unused = lostOnTheWay
                .singleOptional()
                .onErrorReturn(Optional.empty())
                .subscribe(lost -> onLoopIfAny(() -> {
                    broken = lost.<Throwable>map(problem -> problem).orElse(broken);
                    onGone();
                }));
    }

    private void onGone() {
        if (exchange != null && reader.isUntilClose()) {
            if (wasCut()) {
                fail(Failures.endedWithoutWord(exchange.request().operation()));
            } else if (broken instanceof ConnectionFailed) {
                fail(Failures.cut(exchange.request().operation(), broken));
            } else {
                reader.end();
            }
        }
        tellAnswered();
        Exchange current = exchange;
        exchange = null;
        ended = current != null;
        if (writer != null) {
            writer.onClosed();
            writer = null;
        }
        if (current != null) {
            if (raw && headSeen && broken == null) {
                if (wasCut()) {
                    current.onFailure(
                            Failures.endedWithoutWord(current.request().operation()));
                } else {
                    current.onEnd();
                }
            } else {
                current.onFailure(ended(current));
            }
        }
        if (timer != null) {
            timer.end();
        }
        if (onClose != null) {
            onClose.run();
        }
    }

    /** Whether the connection's end is not the one that the Engine made. Without TLS there is nothing to tell them apart by. */
    private boolean wasCut() {
        return tls != null && !tls.hasEnded() && !closing;
    }

    private Throwable ended(Exchange current) {
        String operation = current.request().operation();
        return headSeen ? Failures.cut(operation, broken) : unanswered(operation, broken, true);
    }

    private Throwable unanswered(String operation, @Nullable Throwable cause, boolean sent) {
        if (cause instanceof ConnectionFailed) {
            // The way to the Engine has ended, and has told why.
            return cause;
        }
        Throwable closed = sent
                ? Failures.closedUnanswered(host, operation, cause)
                : Failures.closedBefore(host, operation, cause);
        if (tls == null) {
            return closed;
        }
        ConnectionFailed known = cause instanceof SSLException ? tls.explain(operation, host, cause) : null;
        if (known != null) {
            return known;
        }
        return exchanges > 1 || tls.hasCertificate() ? closed : Failures.closedUncertified(host, operation, cause);
    }

    /** The Engine has said that it writes no more, and need not close the socket as well. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (tls != null && tls.isEnd(event)) {
            closeChannel();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause.getCause();
        if (cause instanceof DecoderException && reason instanceof SSLException) {
            // It says more than a write that failed by it.
            broken = reason;
            closeChannel();
        } else {
            caught(cause);
        }
    }

    private void caught(Throwable cause) {
        if (raw && wroteInput && cause instanceof IOException && !LostNetwork.isBehind(cause)) {
            outputGone = true;
            // The other side is gone and threw away what it was sent. What it said before is read to the end: this
            // can't be told from the end of a program that did not care for its input.
            if (writer != null) {
                writer.onClosed();
                writer = null;
            }
            return;
        }
        if (broken == null || cause instanceof ConnectionFailed) {
            broken = cause;
        }
        if (cause instanceof IOException && channel.isActive() && exchange != null) {
            // Most likely a broken pipe, and there may be an answer to read that says why. Whatever else it is, the end
            // of the connection will be read too.
            if (writer != null) {
                writer.onClosed();
                writer = null;
            }
            if (!headSeen) {
                readEagerly(true);
            }
            return;
        }
        closeChannel();
    }

    /** An Engine that speaks without being asked can't be trusted with the next request. */
    private void unexpected() {
        keepAlive = false;
        if (answered == null) {
            close();
        }
    }

    /** The other side takes what it was sent for a broken record of TLS. */
    void speaksTls() {
        Exchange current = exchange;
        fail(ConnectionFailed.speaksTls(
                current == null ? "connect" : current.request().operation(), host.toString()));
    }

    void fail(Throwable failure) {
        Exchange current = exchange;
        exchange = null;
        reader.stop();
        OutboundWriter unfinished = writer;
        writer = null;
        if (unfinished != null) {
            unfinished.fail(failure);
        }
        closeChannel();
        if (current != null) {
            current.onFailure(failure);
        }
    }
}
