package dev.fairlead.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class need a {@link RealEngine} and get it as a parameter; without one they fail. Name the class
 * {@code …IT}: Failsafe runs it once a version of the Engine.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealEngineExtension.class)
public @interface OnRealEngine {}
