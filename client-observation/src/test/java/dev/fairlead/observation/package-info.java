@NullMarked
package dev.fairlead.observation;

import org.jspecify.annotations.NullMarked;
