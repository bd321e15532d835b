package dev.fairlead.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** The Engine that the application's properties name. */
final class PropertiesConnectionDetails implements DockerConnectionDetails {

    private final FairleadProperties properties;
    private final @Nullable SslBundle sslBundle;

    PropertiesConnectionDetails(FairleadProperties properties, @Nullable SslBundles bundles) {
        this.properties = properties;
        String name = properties.tls().sslBundle();
        if (name == null) {
            this.sslBundle = null;
        } else if (bundles == null) {
            throw new IllegalStateException("fairlead.tls.ssl-bundle is " + name + ", and there are no SSL bundles");
        } else {
            this.sslBundle = bundles.getBundle(name);
        }
    }

    @Override
    public @Nullable String getHost() {
        return properties.host();
    }

    @Override
    public @Nullable String getContext() {
        return properties.context();
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return sslBundle;
    }
}
