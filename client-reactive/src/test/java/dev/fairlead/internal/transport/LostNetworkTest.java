package dev.fairlead.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostNetworkTest {
    private static final int ETIMEDOUT = 110;
    private static final int EHOSTUNREACH = 113;

    @BeforeEach
    void nativeCodeIsThere() {
        Epoll.ensureAvailability();
    }

    @Test
    void aNetworkThatIsGoneIsNoEnd() {
        assertThat(LostNetwork.isBehind(new Errors.NativeIoException("read", -ETIMEDOUT, false)))
                .isTrue();
        assertThat(LostNetwork.isBehind(new Errors.NativeIoException("read", -EHOSTUNREACH, false)))
                .isTrue();
        assertThat(LostNetwork.isBehind(new IOException("Connection timed out")))
                .isTrue();
        assertThat(LostNetwork.isBehind(new SocketException("No route to host")))
                .isTrue();
    }

    @Test
    void anotherSideThatHasEndedIs() {
        assertThat(LostNetwork.isBehind(new Errors.NativeIoException("read", Errors.ERRNO_ECONNRESET_NEGATIVE, false)))
                .isFalse();
        assertThat(LostNetwork.isBehind(new Errors.NativeIoException("write", Errors.ERRNO_EPIPE_NEGATIVE, false)))
                .isFalse();
        assertThat(LostNetwork.isBehind(new IOException("Broken pipe"))).isFalse();
        assertThat(LostNetwork.isBehind(new SocketException("Connection reset")))
                .isFalse();
        assertThat(LostNetwork.isBehind(new ClosedChannelException())).isFalse();
    }
}
