/** Credentials for registries: where {@code docker} keeps them, and how the Engine takes them. */
@NullMarked
package dev.fairlead.core.auth;

import org.jspecify.annotations.NullMarked;
