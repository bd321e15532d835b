package dev.fairlead.internal.transport;

import dev.fairlead.core.Environment;
import dev.fairlead.core.ssh.Ssh;

/**
 * What ssh is called with.
 *
 * @param settings how it is called
 * @param environment its variables, and where it is found
 */
public record SshAccess(Ssh settings, Environment environment) {}
