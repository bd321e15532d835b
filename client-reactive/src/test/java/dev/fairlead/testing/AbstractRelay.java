package dev.fairlead.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** Listens in Linux's abstract namespace, which the JDK has no address for, and leads to an Engine on a Unix socket. */
public final class AbstractRelay implements AutoCloseable {

    private final String name;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    /** @param name without the NUL before it */
    public AbstractRelay(String name, String engine) throws InterruptedException {
        this.name = name;
        DomainSocketAddress target = new DomainSocketAddress(engine.substring("unix://".length()));
        new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        lead(client, target);
                    }
                })
                .bind(new DomainSocketAddress("\0" + name))
                .sync();
    }

    /** What DOCKER_HOST has to say to reach the Engine through it. */
    public String host() {
        return "unix://@" + name;
    }

    private static void lead(Channel client, DomainSocketAddress target) {
        new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollDomainSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new Copy(client))
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        client.pipeline().addLast(new Copy(connected.channel()));
                        client.config().setAutoRead(true);
                    } else {
                        var unused = client.close();
                    }
                });
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static final class Copy extends ChannelInboundHandlerAdapter {

        private final Channel to;

        Copy(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var unused = to.writeAndFlush(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                var unused = ((DuplexChannel) to).shutdownOutput();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            var unused = to.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }
}
