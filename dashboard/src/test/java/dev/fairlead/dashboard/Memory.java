package dev.fairlead.dashboard;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/**
 * What this program uses, in bytes.
 *
 * @param heap of objects that a collection left; what threads have taken to allocate in later does not count
 * @param direct beside the heap: the JDK's buffers and Netty's, which it keeps for later
 */
record Memory(long heap, long direct) {

    static Memory now() {
        // The first may only find what has a cleaner.
        System.gc();
        System.gc();
        long netty = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        long jdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
        return new Memory(heap, netty + jdk);
    }

    Memory since(Memory before) {
        return new Memory(heap - before.heap, direct - before.direct);
    }

    @Override
    public String toString() {
        return heap / 1024 + " KiB of heap and " + direct / 1024 + " KiB beside it";
    }
}
