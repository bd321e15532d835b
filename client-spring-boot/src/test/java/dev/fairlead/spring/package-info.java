@NullMarked
package dev.fairlead.spring;

import org.jspecify.annotations.NullMarked;
