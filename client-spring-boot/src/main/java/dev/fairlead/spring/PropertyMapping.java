package dev.fairlead.spring;

import dev.fairlead.DockerConfig;
import dev.fairlead.core.tls.Tls;
import dev.fairlead.model.ApiVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundle;

/** Properties and connection details as a configuration; what is refused is named by its property. */
final class PropertyMapping {

    private PropertyMapping() {}

    static void apply(FairleadProperties from, DockerConnectionDetails details, DockerConfig.Builder to) {
        host(details.getHost(), to);
        set("context", details.getContext(), to::context);
        SslBundle bundle = details.getSslBundle();
        if (bundle != null) {
            to.tls(tls(bundle));
        }
        set("api-version", from.apiVersion(), version -> to.apiVersion(ApiVersion.parse(version)));
        set("connect-timeout", from.connectTimeout(), to::connectTimeout);
        set("negotiation-timeout", from.negotiationTimeout(), to::negotiationTimeout);
        set("response-timeout", from.responseTimeout(), to::responseTimeout);
        set("pending-timeout", from.pendingTimeout(), to::pendingTimeout);
        set("max-idle", from.maxIdle(), to::maxIdle);
        set("max-connections", from.maxConnections(), to::maxConnections);
        set("max-pending-calls", from.maxPendingCalls(), to::maxPendingCalls);
        set("max-streams", from.maxStreams(), to::maxStreams);
        set("event-buffer", from.eventBuffer(), to::eventBuffer);
        from.headers().forEach((name, value) -> {
            try {
                to.header(name, value);
            } catch (IllegalArgumentException refused) {
                throw new RefusedSecret("fairlead.headers." + name, String.valueOf(refused.getMessage()));
            }
        });
    }

    /** There may be a password in it, which the reason leaves out. */
    private static void host(@Nullable String host, DockerConfig.Builder to) {
        if (host == null) {
            return;
        }
        try {
            to.host(host);
        } catch (IllegalArgumentException refused) {
            throw new RefusedSecret("fairlead.host", String.valueOf(refused.getMessage()));
        }
    }

    private static <T> void set(String name, @Nullable T value, Consumer<T> setter) {
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException refused) {
            throw new InvalidConfigurationPropertyValueException("fairlead." + name, value, refused.getMessage());
        }
    }

    /** The client speaks by an SSLContext, which knows no ciphers: to leave them out would be to speak others than were asked for. */
    private static Tls tls(SslBundle bundle) {
        if (bundle.getOptions().getCiphers() != null) {
            throw new IllegalStateException(
                    "The Engine's SSL bundle names ciphers, which Fairlead does not choose; leave options.ciphers out");
        }
        Tls.Builder tls = Tls.builder().context(bundle.createSslContext());
        String[] protocols = bundle.getOptions().getEnabledProtocols();
        if (protocols != null) {
            tls.protocols(protocols);
        }
        return tls.build();
    }
}
