package dev.fairlead;

import dev.fairlead.testing.RealEngine;
import org.junit.jupiter.api.AfterAll;

/**
 * The same from the image store that newer Engines have by default. 20.10 has none, so that there it is the same on another Engine
 * of the same kind.
 */
final class ContainerdRegistryIT extends RegistryIT {

    ContainerdRegistryIT(RealEngine shared) {
        super(
                shared.hasContainerdStore()
                        ? RealEngine.another("--feature", "containerd-snapshotter")
                        : RealEngine.another());
    }

    @AfterAll
    void stopEngine() {
        engine.close();
    }
}
