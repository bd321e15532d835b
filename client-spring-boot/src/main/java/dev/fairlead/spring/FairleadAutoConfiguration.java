package dev.fairlead.spring;

import dev.fairlead.DockerClient;
import dev.fairlead.DockerConfig;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.RegistryCredentials;
import dev.fairlead.core.error.ConnectionFailed;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * A {@link DockerClient} made of the application's properties, unless the application has one of its own. It is closed with the
 * application's context. Beans of {@link DockerConfigCustomizer}, {@link ExchangeFilter} and {@link RegistryCredentials} have their say
 * in it, and it runs on the event loops of the application's server where that is Reactor Netty's.
 *
 * <p>Nothing is sent when the application starts. It starts where there is no Engine, too: only what can't be read, such as a host that
 * is no address or a context that is damaged, ends it.
 *
 * <p>Shared event loops end when the context's lifecycle stops: before beans are destroyed, so that a destroy method can ask the Engine
 * for nothing. What is still to be said to it at the end, such as that a container is to be removed, belongs in the {@code stop} of a
 * {@link org.springframework.context.SmartLifecycle} whose phase is above 1. Phases stop from the highest down, the loops are in phase
 * 0, and a bean that says nothing of its phase is in the highest. A context that starts again has new loops, and the same client goes
 * on with them.
 *
 * <p>For Spring Boot 4. What stands against 3.5: its Netty is 4.1 and its Reactor 2024.0, older than those that Fairlead is built with;
 * and what health indicators are made of lies elsewhere there.
 */
@AutoConfiguration
@ConditionalOnClass(DockerClient.class)
@EnableConfigurationProperties(FairleadProperties.class)
public final class FairleadAutoConfiguration {

    private static final Logger LOG = Loggers.getLogger(FairleadAutoConfiguration.class);

    /** Where Docker's own clients look when nothing names an Engine. */
    private static final String USUAL_HOST = "unix:///var/run/docker.sock";

    FairleadAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(DockerConnectionDetails.class)
    DockerConnectionDetails dockerConnectionDetails(FairleadProperties properties, ObjectProvider<SslBundles> bundles) {
        return new PropertiesConnectionDetails(properties, bundles.getIfAvailable());
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    DockerClient dockerClient(
            FairleadProperties properties,
            DockerConnectionDetails details,
            ObjectProvider<RegistryCredentials> credentials,
            ObjectProvider<ExchangeFilter> filters,
            ObjectProvider<DockerConfigCustomizer> customizers) {
        DockerConfig.Builder config = DockerConfig.builder();
        PropertyMapping.apply(properties, details, config);
        credentials.ifUnique(config::credentials);
        filters.orderedStream().forEach(config::filter);
        customizers.orderedStream().forEach(customizer -> customizer.customize(config));
        return create(config);
    }

    /** Connects nothing, so what fails to connect here is the search for a socket that nothing names. */
    private static DockerClient create(DockerConfig.Builder config) {
        DockerConfig wanted = config.build();
        try {
            return DockerClient.create(wanted);
        } catch (ConnectionFailed nowhere) {
            if (wanted.context() != null) {
                throw nowhere;
            }
            LOG.warn("{}; going on with {}, where an Engine may come yet", nowhere.getMessage(), USUAL_HOST);
            return DockerClient.create(config.host(USUAL_HOST).build());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ReactorResourceFactory.class)
    static class EventLoops {

        /** First, so that the application's own customizers may choose others. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SharedEventLoops fairleadEventLoops(ObjectProvider<ReactorResourceFactory> resources) {
            return new SharedEventLoops(resources);
        }
    }
}
