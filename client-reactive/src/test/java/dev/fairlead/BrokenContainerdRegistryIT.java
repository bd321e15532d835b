package dev.fairlead;

import dev.fairlead.testing.RealEngine;

/** The same from the image store that newer Engines have by default, which 20.10 has not. */
final class BrokenContainerdRegistryIT extends BrokenRegistryIT {

    private final boolean containerd;

    BrokenContainerdRegistryIT(RealEngine shared) {
        super(
                shared.hasContainerdStore()
                        ? RealEngine.another("--feature", "containerd-snapshotter")
                        : RealEngine.another("--", "--max-download-attempts", "2"),
                shared);
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
