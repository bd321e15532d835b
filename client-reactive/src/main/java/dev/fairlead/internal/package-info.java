/** Between the groups and the sockets: requests are built, versions negotiated and answers read here. */
@NullMarked
package dev.fairlead.internal;

import org.jspecify.annotations.NullMarked;
