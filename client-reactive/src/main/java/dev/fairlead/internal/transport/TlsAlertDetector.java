package dev.fairlead.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Looks at the first bytes of a connection: an alert of TLS would be skipped as control characters, and never be told. */
final class TlsAlertDetector extends ChannelInboundHandlerAdapter {

    private static final int ALERT = 0x15;
    private static final int MAJOR_VERSION = 0x03;

    private final EngineConnection connection;

    TlsAlertDetector(EngineConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.pipeline().remove(this);
        if (message instanceof ByteBuf bytes && isAlert(bytes)) {
            bytes.release();
            connection.speaksTls();
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isAlert(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() > 1 && bytes.getByte(at) == ALERT && bytes.getByte(at + 1) == MAJOR_VERSION;
    }
}
