/** Paths and queries of requests. */
@NullMarked
package dev.fairlead.core.http;

import org.jspecify.annotations.NullMarked;
