package dev.fairlead;

import dev.fairlead.model.ContainerCreateOptions;
import dev.fairlead.model.HostConfig;
import dev.fairlead.model.Port;
import dev.fairlead.model.PortBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link Containers#run} runs, and how it is cleaned up. */
public final class RunOptions {

    private final ContainerCreateOptions container;
    private final boolean keep;
    private final Duration stopTimeout;

    private RunOptions(Builder builder) {
        ContainerCreateOptions.Builder made = builder.container;
        if (!builder.keep) {
            made.hostConfig(host -> host.autoRemove(true));
        }
        made.attachStdout(true).attachStderr(true);
        this.container = withPublished(made.build(), builder.published);
        this.keep = builder.keep;
        this.stopTimeout = builder.stopTimeout;
    }

    /** Beside what {@code container} and {@code hostConfig} say of ports, not in its place. */
    private static ContainerCreateOptions withPublished(
            ContainerCreateOptions made, Map<String, List<PortBinding>> published) {
        if (published.isEmpty()) {
            return made;
        }
        Set<String> exposed = new LinkedHashSet<>(made.exposedPorts());
        exposed.addAll(published.keySet());
        HostConfig host = made.hostConfig();
        Map<String, @Nullable List<PortBinding>> bindings =
                new LinkedHashMap<>(host == null ? Map.of() : host.portBindings());
        published.forEach((port, more) ->
                bindings.merge(port, more, (before, added) -> Stream.concat(before.stream(), added.stream())
                        .toList()));
        return made.toBuilder()
                .exposedPorts(exposed)
                .hostConfig(changed -> changed.portBindings(bindings))
                .build();
    }

    static RunOptions of(String image, Consumer<Builder> options) {
        Builder builder = new Builder(image);
        options.accept(builder);
        return new RunOptions(builder);
    }

    /** What the container is made of. */
    public ContainerCreateOptions container() {
        return container;
    }

    /** Whether the container stays when it has ended. */
    public boolean keep() {
        return keep;
    }

    /** How long a container that is given up has for its end, before it is killed. */
    public Duration stopTimeout() {
        return stopTimeout;
    }

    /** Collects what a run is to be; what has no method here is set by {@link #container}. */
    public static final class Builder {

        private final ContainerCreateOptions.Builder container;
        private boolean keep;
        private Duration stopTimeout = Duration.ofSeconds(10);
        private final Map<String, List<PortBinding>> published = new LinkedHashMap<>();

        private Builder(String image) {
            this.container = ContainerCreateOptions.builder(image);
        }

        /** The command and its arguments; none for the image's own. */
        public Builder cmd(String... command) {
            if (command.length > 0) {
                container.cmd(command);
            }
            return this;
        }

        /** The environment of the command, each entry as {@code NAME=value}. */
        public Builder env(String... entries) {
            container.env(entries);
            return this;
        }

        /** The name of the container; the Engine makes one up otherwise. */
        public Builder name(String name) {
            container.name(name);
            return this;
        }

        /** The folder in which the command starts. */
        public Builder workingDir(String folder) {
            container.workingDir(folder);
            return this;
        }

        /** Who runs the command: a name or a number, and a group behind a colon. */
        public Builder user(String user) {
            container.user(user);
            return this;
        }

        /** Gives the command a terminal: both of its outputs are then one. */
        public Builder tty(boolean tty) {
            container.tty(tty);
            return this;
        }

        /** Gives the command an input, see {@link Run#session()}; without it, its input is at its end. */
        public Builder stdin(boolean stdin) {
            container.attachStdin(stdin).openStdin(stdin).stdinOnce(stdin);
            return this;
        }

        /**
         * Makes a port of the container reachable at one of the host's, on all its addresses; with 0, at a port that the Engine
         * chooses. As often as one likes, for one port of the container too.
         */
        public Builder publish(int hostPort, Port port) {
            if (hostPort < 0 || hostPort > 65_535) {
                throw new IllegalArgumentException("hostPort is no port: " + hostPort);
            }
            published
                    .computeIfAbsent(port.toString(), first -> new ArrayList<>())
                    .add(PortBinding.builder()
                            .hostPort(Integer.toString(hostPort))
                            .build());
            return this;
        }

        /** Limits, mounts, ports and all else that is the host's side of the container. */
        public Builder hostConfig(Consumer<HostConfig.Builder> hostConfig) {
            container.hostConfig(hostConfig);
            return this;
        }

        /** Everything else that a container can be told. */
        public Builder container(Consumer<ContainerCreateOptions.Builder> options) {
            options.accept(container);
            return this;
        }

        /** Leaves the container where it is when it has ended; it is only stopped, and not removed, when the run is cancelled. */
        public Builder keep() {
            this.keep = true;
            return this;
        }

        /** How long the command has to end by itself when the run is cancelled; 10 s, in full seconds. */
        public Builder stopTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("timeout is negative: " + timeout);
            }
            this.stopTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }
    }
}
