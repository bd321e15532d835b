package dev.fairlead.architecture.offending;

import dev.fairlead.architecture.offending.internal.transport.Knowing;

/** A group that writes to sockets itself. */
public interface Group {
    void send(Knowing transport);
}
