package dev.fairlead.spring;

import dev.fairlead.DockerClient;
import dev.fairlead.observation.ObservationFilter;
import dev.fairlead.observation.StreamMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Timers, spans and gauges of what the client does, where the application has a registry for them. */
@AutoConfiguration
@ConditionalOnClass({DockerClient.class, ObservationFilter.class})
public final class FairleadObservationAutoConfiguration {

    FairleadObservationAutoConfiguration() {}

    /** Before other filters, so that what they wait for and fail with is part of what is observed. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean
    ObservationFilter fairleadObservationFilter(ObjectProvider<ObservationRegistry> registry) {
        return ObservationFilter.of(registry.getIfUnique(() -> ObservationRegistry.NOOP));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Meters {

        /** One for all clients: a registry keeps one meter of a name, and would not hear of the second client's. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        DockerConfigCustomizer fairleadStreamMeters(ObjectProvider<MeterRegistry> registry) {
            MeterRegistry meters = registry.getIfUnique();
            if (meters == null) {
                return config -> {};
            }
            StreamMeters streams = StreamMeters.of(meters);
            return config -> config.filter(streams);
        }
    }
}
