package dev.fairlead;

import dev.fairlead.testing.RealEngine;

/** With the image store that newer Engines have by default, and 20.10 has not. */
final class BrokenContainerdRegistryIT extends BrokenRegistry {

    private final boolean containerd;

    BrokenContainerdRegistryIT(RealEngine shared) {
        super(
                shared.hasContainerdStore()
                        ? RealEngine.another("--feature", "containerd-snapshotter")
                        : RealEngine.another("--", "--max-download-attempts", "2"));
        this.containerd = shared.hasContainerdStore();
    }

    @Override
    boolean retriesVisibly() {
        return !containerd;
    }

    @Override
    boolean retriesPushes() {
        return !containerd;
    }
}
