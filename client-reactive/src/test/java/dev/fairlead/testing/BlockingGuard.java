package dev.fairlead.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/**
 * Fails a test during which a thread that must not block did: an event loop, a Reactor scheduler's. The call itself
 * throws, but where a test doesn't look; so each is recorded, and told when the test ends.
 */
public final class BlockingGuard implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final int FRAMES = 20;

    private static final ConcurrentLinkedQueue<BlockingOperationError> SEEN = new ConcurrentLinkedQueue<>();

    static {
        // No call is allowed beyond what BlockHound, Reactor and Netty allow themselves. One that has to be is named
        // here, by class and method, with the reason.
        BlockHound.builder()
                .loadIntegrations()
                // Netty's own memory: where its part of a thread becomes too small, it waits for others to let go of
                // theirs.
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                .blockingMethodCallback(method -> {
                    BlockingOperationError error = new BlockingOperationError(method);
                    SEEN.add(error);
                    throw error;
                })
                .install();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class installed BlockHound.
    }

    @Override
    public void afterEach(ExtensionContext context) {
        failWhenSeen();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        failWhenSeen();
    }

    /** What blocked since the last call, which forgets it. */
    static List<BlockingOperationError> take() {
        List<BlockingOperationError> taken = new ArrayList<>();
        for (BlockingOperationError next = SEEN.poll(); next != null; next = SEEN.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /** Who called: a launcher may shorten the cause's own trace. */
    private static String where(BlockingOperationError seen) {
        return Stream.of(seen.getStackTrace())
                .map(StackTraceElement::toString)
                .filter(frame -> !frame.contains("blockhound"))
                .limit(FRAMES)
                .collect(Collectors.joining("\n  at ", "\n  at ", ""));
    }

    static void failWhenSeen() {
        List<BlockingOperationError> seen = take();
        if (!seen.isEmpty()) {
            AssertionError failure = new AssertionError(
                    "a thread that must not block did: " + seen.get(0) + where(seen.get(0)), seen.get(0));
            seen.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
