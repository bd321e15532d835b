package dev.fairlead.testing;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that dropped one of Netty's buffers without releasing it. A leak is known only when the garbage
 * collector finds the buffer, so it is looked for once a class; the buffer's own record tells who had it.
 */
public final class LeakGuard implements AfterAllCallback {

    private static final ConcurrentLinkedQueue<String> SEEN = new ConcurrentLinkedQueue<>();

    static {
        // JUnit loads extensions before tests: no buffer has been made yet, and Netty asks for its detectors once.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // Netty's own factories override this one as well: it is the abstract one.
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Recorder<>(resource, samplingInterval);
            }
        });
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        failWhenSeen();
    }

    /** What leaked since the last call, which forgets it. */
    public static List<String> take() throws InterruptedException {
        // Twice: the collector hands over what it found in no particular order, and a first round may have
        // been under way already.
        for (int round = 0; round < 2; round++) {
            collect();
        }
        // Found leaks are told when the next buffer is made.
        ByteBufAllocator.DEFAULT.directBuffer(1).release();
        List<String> taken = new ArrayList<>();
        for (String next = SEEN.poll(); next != null; next = SEEN.poll()) {
            taken.add(next);
        }
        return taken;
    }

    static void failWhenSeen() throws InterruptedException {
        List<String> seen = take();
        if (!seen.isEmpty()) {
            throw new AssertionError(seen.size() + " leaks:\n" + String.join("\n", seen));
        }
    }

    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), found);
        System.gc();
        if (found.remove(FakeEngine.LIMIT.toMillis()) != witness) {
            throw new AssertionError("the garbage collector doesn't run when asked to: no leak can be found");
        }
    }

    private static final class Recorder<T> extends ResourceLeakDetector<T> {

        Recorder(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            SEEN.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            SEEN.add(resourceType + ", by whom is not known");
        }
    }
}
