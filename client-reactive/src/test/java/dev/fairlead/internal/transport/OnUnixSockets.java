package dev.fairlead.internal.transport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test that runs on Unix sockets, with the native transport and with the JDK's. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ParameterizedTest
@EnumSource(
        value = Kind.class,
        names = {"UNIX_EPOLL", "UNIX_JDK"})
public @interface OnUnixSockets {}
