package dev.fairlead.spring;

import dev.fairlead.DockerClient;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.CompositeReactiveHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;

/** The health of each {@link DockerClient}, as {@code docker}, unless {@code management.health.docker.enabled} is false. */
@AutoConfiguration(after = FairleadAutoConfiguration.class)
@ConditionalOnClass({DockerClient.class, ReactiveHealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(DockerClient.class)
@ConditionalOnEnabledHealthIndicator("docker")
@EnableConfigurationProperties(FairleadProperties.class)
public final class FairleadHealthAutoConfiguration
        extends CompositeReactiveHealthContributorConfiguration<DockerHealthIndicator, DockerClient> {

    FairleadHealthAutoConfiguration(FairleadProperties properties) {
        super(docker -> new DockerHealthIndicator(docker, properties.health().timeout()));
    }

    @Bean
    @ConditionalOnMissingBean(name = {"dockerHealthIndicator", "dockerHealthContributor"})
    ReactiveHealthContributor dockerHealthContributor(ConfigurableListableBeanFactory beans) {
        return createContributor(beans, DockerClient.class);
    }
}
