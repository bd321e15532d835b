/** A reactive, non-blocking client of the Docker Engine API. */
module dev.fairlead {
    requires transitive dev.fairlead.core;
    requires transitive reactor.core;
    requires transitive reactor.netty.core;
    requires transitive org.reactivestreams;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires io.netty.transport.unix.common;
    requires jdk.net;
    requires static transitive org.jspecify;

    exports dev.fairlead;
}
