package dev.fairlead;

import dev.fairlead.testing.ContainerdStore;
import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;

/** With the image store that newer Engines have by default. */
@OutermostEngines
@ContainerdStore
final class BrokenContainerdRegistryIT extends BrokenRegistry {

    BrokenContainerdRegistryIT() {
        super(RealEngine.another("--feature", "containerd-snapshotter"));
    }

    @Override
    boolean retriesVisibly() {
        return false;
    }

    @Override
    boolean retriesPushes() {
        return false;
    }
}
