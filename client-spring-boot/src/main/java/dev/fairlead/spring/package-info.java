/** Fairlead in applications of Spring Boot 4. */
@NullMarked
package dev.fairlead.spring;

import org.jspecify.annotations.NullMarked;
