package dev.fairlead.internal.transport;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts what may be there so many times at most. */
final class Places {

    private final int limit;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int limit) {
        this.limit = limit;
    }

    /** A place, or null when none is free. */
    @Nullable
    Place take() {
        int before = taken.getAndUpdate(now -> now < limit ? now + 1 : now);
        return before < limit ? new Place() : null;
    }

    /** One place. */
    final class Place {

        private final AtomicBoolean left = new AtomicBoolean();

        private Place() {}

        /** Makes it free again; as often as one likes. */
        void leave() {
            if (left.compareAndSet(false, true)) {
                taken.getAndDecrement();
            }
        }
    }
}
