/** TLS to an Engine: certificates and keys as Docker keeps them, read by the JDK alone. */
@NullMarked
package dev.fairlead.core.tls;

import org.jspecify.annotations.NullMarked;
