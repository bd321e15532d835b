package dev.fairlead.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/** The heap of this JVM. */
public final class Heap {

    private Heap() {}

    /**
     * What the last of some collections left, in bytes. What is in use at any moment says more than objects are: a thread that needs a few
     * bytes just after a collection takes a piece of 1 or 2 MiB for itself, all of which counts.
     */
    public static long inUse() {
        for (int round = 0; round < 3; round++) {
            System.gc();
        }
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }
}
