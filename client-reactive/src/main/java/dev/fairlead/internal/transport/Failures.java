package dev.fairlead.internal.transport;

import dev.fairlead.core.error.ClientClosed;
import dev.fairlead.core.error.ConnectionFailed;
import dev.fairlead.core.error.ProtocolFailure;
import dev.fairlead.core.error.Truncated;
import dev.fairlead.core.host.DockerHost;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The sentences for what can happen to a connection after it was made. */
final class Failures {

    private Failures() {}

    static ConnectionFailed closedUnanswered(DockerHost host, String operation, @Nullable Throwable cause) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "the Engine closed the connection without an answer" + because(cause),
                "it may have been stopped or restarted meanwhile; whether it did what was asked is not known",
                cause,
                false,
                true);
    }

    static ConnectionFailed closedBefore(DockerHost host, String operation, @Nullable Throwable cause) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "the Engine closed the connection before the request was sent" + because(cause),
                "it may have been stopped or restarted meanwhile; it has not done what was asked",
                cause,
                true,
                true);
    }

    /** TLS 1.3 asks for the client's certificate after the handshake, and its refusal may be lost with the connection. */
    static ConnectionFailed closedUncertified(DockerHost host, String operation, @Nullable Throwable cause) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "the Engine closed the connection without an answer" + because(cause),
                "it may ask for a certificate of the client: none was given",
                cause);
    }

    static Truncated endedWithoutWord(String operation) {
        return new Truncated(
                operation,
                "the connection ended without TLS's close_notify: the Engine, or somebody between, cut the output");
    }

    static Truncated cut(String operation, @Nullable Throwable cause) {
        return new Truncated(operation, "the connection ended in the middle of the answer" + because(cause), cause);
    }

    static ConnectionFailed inputClosed(DockerHost host, String operation, @Nullable Throwable cause) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "the connection ended before everything was written" + because(cause),
                null,
                cause);
    }

    /** The answer is an ordinary one, between others: nothing may be written that is no request. */
    static ProtocolFailure notUpgraded(String operation) {
        return new ProtocolFailure(
                operation,
                "there is no way to the program's input: the connection was not upgraded, but is an answer as any other",
                "is there a proxy in between that does not know upgrades?");
    }

    static ConnectionFailed noHalfClose(DockerHost host, String operation) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "the input can't be ended alone on a named pipe",
                "another way to the Engine, such as tcp://, can",
                null);
    }

    static ConnectionFailed noAnswer(DockerHost host, String operation, Duration limit) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "no answer within " + limit.toMillis() + " ms",
                "the response time-out of the configuration may be raised",
                null);
    }

    static ClientClosed clientClosed(DockerHost host, String operation) {
        return new ClientClosed(operation, host.toString());
    }

    static ConnectionFailed tooManyWaiting(DockerHost host, String operation, int connections, int pending) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "all " + connections + " connections are in use and " + pending + " calls wait for one already",
                "maxConnections or maxPendingCalls of the configuration may be raised",
                null,
                true,
                false);
    }

    static ConnectionFailed waitedTooLong(DockerHost host, String operation, int connections, Duration limit) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "none of the " + connections + " connections became free within " + limit.toMillis() + " ms",
                "maxConnections or pendingTimeout of the configuration may be raised",
                null,
                true,
                false);
    }

    static ConnectionFailed tooManyStreams(DockerHost host, String operation, int streams) {
        return new ConnectionFailed(
                operation,
                host.toString(),
                "all " + streams + " connections for streams, sessions and long calls are in use",
                "maxStreams of the configuration may be raised, or one of them cancelled",
                null,
                true,
                false);
    }

    private static String because(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }
}
