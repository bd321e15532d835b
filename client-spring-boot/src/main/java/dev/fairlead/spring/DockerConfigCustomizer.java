package dev.fairlead.spring;

import dev.fairlead.DockerConfig;

/**
 * Changes the configuration of the application's client, after the properties have set it. Of several beans the one that
 * {@link org.springframework.core.annotation.Order} puts first is asked first, so the last one wins.
 */
@FunctionalInterface
public interface DockerConfigCustomizer {

    /** Sets what is to differ. */
    void customize(DockerConfig.Builder config);
}
