/** What a {@link dev.fairlead.DockerClient} does, as Micrometer's observations and meters. */
@NullMarked
package dev.fairlead.observation;

import org.jspecify.annotations.NullMarked;
