package dev.fairlead.architecture.offending.internal.transport;

import dev.fairlead.architecture.offending.Group;
import dev.fairlead.architecture.offending.model.Impure;

/** A transport that knows what it carries, and for whom. */
public record Knowing(Group group, Impure value) {}
