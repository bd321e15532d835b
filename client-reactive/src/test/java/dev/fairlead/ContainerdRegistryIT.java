package dev.fairlead;

import dev.fairlead.testing.ContainerdStore;
import dev.fairlead.testing.RealEngine;
import org.junit.jupiter.api.AfterAll;

/** The same from the image store that newer Engines have by default. */
@ContainerdStore
final class ContainerdRegistryIT extends RegistryIT {

    ContainerdRegistryIT() {
        super(RealEngine.another("--feature", "containerd-snapshotter"));
    }

    @AfterAll
    void stopEngine() {
        engine.close();
    }
}
