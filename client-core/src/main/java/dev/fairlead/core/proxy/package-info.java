/** The proxies between this program and an Engine that is reached by TCP, and which hosts need none. */
@NullMarked
package dev.fairlead.core.proxy;

import org.jspecify.annotations.NullMarked;
