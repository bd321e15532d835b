package dev.fairlead.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the threads of this process have allocated, those that have ended too if they said so before. */
final class Allocations {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final Map<Long, Long> SEEN = new ConcurrentHashMap<>();

    private Allocations() {}

    /** To be called by a thread that is about to end. */
    static void noteThread() {
        long id = Thread.currentThread().getId();
        SEEN.put(id, THREADS.getThreadAllocatedBytes(id));
    }

    /** In bytes, since the process began. */
    static long bytes() {
        long[] ids = THREADS.getAllThreadIds();
        long[] allocated = THREADS.getThreadAllocatedBytes(ids);
        for (int index = 0; index < ids.length; index++) {
            SEEN.merge(ids[index], allocated[index], Math::max);
        }
        return SEEN.values().stream().mapToLong(Long::longValue).sum();
    }
}
