package dev.fairlead;

import dev.fairlead.testing.OutermostEngines;
import dev.fairlead.testing.RealEngine;

/** With the image store that keeps its layers in folders. */
@OutermostEngines
final class BrokenRegistryIT extends BrokenRegistry {

    BrokenRegistryIT() {
        super(RealEngine.another("--", "--max-download-attempts", "2"));
    }

    @Override
    boolean retriesVisibly() {
        return true;
    }

    @Override
    boolean retriesPushes() {
        return true;
    }
}
