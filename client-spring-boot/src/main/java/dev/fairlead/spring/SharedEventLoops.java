package dev.fairlead.spring;

import dev.fairlead.DockerConfig;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * Gives the client the event loops of the application's server. Those end when the context stops, and there are others when it starts
 * again: this one starts after them, and asks for them then.
 *
 * <p>It does not ask at each call. A factory that was stopped makes loops for whoever asks, which nobody would end; and one that is
 * about to stop lets them wait, on one of the very loops whose end it waits for.
 */
final class SharedEventLoops implements DockerConfigCustomizer, SmartLifecycle {

    /** Next after the factory's, which is 0, so that whatever starts later finds them. */
    private static final int PHASE = 1;

    private final ObjectProvider<ReactorResourceFactory> resources;
    private volatile @Nullable LoopResources current;
    private volatile boolean running;

    SharedEventLoops(ObjectProvider<ReactorResourceFactory> resources) {
        this.resources = resources;
    }

    @Override
    public void customize(DockerConfig.Builder config) {
        resources.ifUnique(factory -> {
            if (current == null) {
                current = factory.getLoopResources();
            }
            config.eventLoops(new Current());
        });
    }

    @Override
    public void start() {
        if (current != null) {
            resources.ifUnique(factory -> current = factory.getLoopResources());
        }
        running = true;
    }

    /** Who calls from here on is refused by the loops that end. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Those of now. They are the factory's to end. */
    private final class Current implements LoopResources {

        private LoopResources loops() {
            return Objects.requireNonNull(current);
        }

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loops().onServer(useNative);
        }

        @Override
        public EventLoopGroup onServerSelect(boolean useNative) {
            return loops().onServerSelect(useNative);
        }

        @Override
        public EventLoopGroup onClient(boolean useNative) {
            return loops().onClient(useNative);
        }

        @Override
        public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
            return loops().onChannel(type, group);
        }

        @Override
        public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
            return loops().onChannelClass(type, group);
        }

        @Override
        public boolean daemon() {
            return loops().daemon();
        }

        @Override
        public boolean isDisposed() {
            return loops().isDisposed();
        }

        @Override
        public void dispose() {
            // Not ours; and disposeLater, unless told otherwise, ends nothing either.
        }
    }
}
