package dev.fairlead;

import dev.fairlead.core.auth.RegistryAddress;
import dev.fairlead.core.error.StreamFailed;
import dev.fairlead.core.transfer.TransferFacts;
import dev.fairlead.internal.Http;
import dev.fairlead.internal.Request;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.Plugin;
import dev.fairlead.model.PluginCreateOptions;
import dev.fairlead.model.PluginDisableOptions;
import dev.fairlead.model.PluginEnableOptions;
import dev.fairlead.model.PluginListOptions;
import dev.fairlead.model.PluginPrivilege;
import dev.fairlead.model.PluginPrivilegesOptions;
import dev.fairlead.model.PluginPullOptions;
import dev.fairlead.model.PluginPushOptions;
import dev.fairlead.model.PluginRemoveOptions;
import dev.fairlead.model.PluginUpgradeOptions;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.Pushed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Plugins that the Engine manages itself: drivers of volumes, networks, logs.
 *
 * <p>A {@code name} is a plugin's name with or without its tag, or its id; a blank one is refused with an
 * {@link IllegalArgumentException} before anything is sent. A plugin that is not installed is a
 * {@link dev.fairlead.core.error.NotFound}.
 *
 * <p>What goes to a registry takes the {@linkplain DockerConfig#credentials() client's credentials} for it, unless the options bring
 * some, and is tried once more if those are refused and there are others by then.
 *
 * <p>A plugin runs as root and may ask for more than a container has. What it may do is never granted by this library: {@link #pull}
 * and {@link #upgrade} take the list of it, and the Engine refuses any other list than exactly the one that the plugin asks for.
 */
public final class Plugins {

    private final Http http;

    Plugins(Http http) {
        this.http = http;
    }

    /** The plugins installed, enabled or not. Engine operation {@code PluginList}. Empty when there is none. */
    public Flux<Plugin> list() {
        return list(options -> {});
    }

    /** Plugins as the options select them. Engine operation {@code PluginList}. */
    public Flux<Plugin> list(Consumer<PluginListOptions.Builder> options) {
        return http.get("/plugins").options(PluginListOptions.of(options)).list(Plugin.class);
    }

    /** Everything about one plugin. Engine operation {@code PluginInspect}. */
    public Mono<Plugin> inspect(String name) {
        return http.get("/plugins/{+name}/json", name).as(Plugin.class);
    }

    /**
     * What a plugin in a registry asks to be allowed. Engine operation {@code GetPluginPrivileges}. Show it to whoever decides, and
     * give {@link #pull} what was agreed to.
     *
     * @param remote the plugin's name in its registry
     * @return all it asks for. Empty when it asks for nothing, but also when the Engine could not ask the registry or that has no such
     *     plugin, which the Engine hides: the pull fails then
     */
    public Flux<PluginPrivilege> privileges(String remote) {
        return privileges(remote, options -> {});
    }

    /** As {@link #privileges(String)}, with credentials. */
    public Flux<PluginPrivilege> privileges(String remote, Consumer<PluginPrivilegesOptions.Builder> options) {
        return http.get("/plugins/privileges")
                .options(PluginPrivilegesOptions.of(notBlank("remote", remote), options))
                .registryAuth(RegistryAddress.ofName(remote))
                .patient()
                .list(PluginPrivilege.class);
    }

    /**
     * Installs a plugin and does not enable it. Engine operation {@code PluginPull}.
     *
     * @param remote the plugin's name in its registry; without a tag, its {@code latest}
     * @param granted what it is allowed to do: exactly the {@linkplain #privileges(String) list it asks for}, or the Engine refuses
     * @return the pull, which begins when it is subscribed to, with the plugin installed as its result. Fails with {@link StreamFailed}
     *     when the Engine gives up, as it does over the privileges when all is downloaded
     */
    public Transfer<Plugin> pull(String remote, List<PluginPrivilege> granted) {
        return pull(remote, granted, options -> {});
    }

    /** As {@link #pull(String, List)}, with credentials or another name here. */
    public Transfer<Plugin> pull(
            String remote, List<PluginPrivilege> granted, Consumer<PluginPullOptions.Builder> options) {
        PluginPullOptions asked = PluginPullOptions.of(notBlank("remote", remote), options);
        return installed(
                http.post("/plugins/pull")
                        .options(asked)
                        .registryAuth(RegistryAddress.ofName(remote))
                        .body(granted),
                asked.name().isEmpty() ? asked.remote() : asked.name());
    }

    /**
     * Replaces a plugin that is not enabled by another of its versions. Engine operation {@code PluginUpgrade}.
     *
     * @param remote the name of the new one in its registry
     * @param granted what the new one is allowed to do, as with {@link #pull(String, List)}
     * @return the upgrade, which begins when it is subscribed to, with the plugin as it is then as its result
     */
    public Transfer<Plugin> upgrade(String name, String remote, List<PluginPrivilege> granted) {
        return upgrade(name, remote, granted, options -> {});
    }

    /** As {@link #upgrade(String, String, List)}, with credentials. */
    public Transfer<Plugin> upgrade(
            String name, String remote, List<PluginPrivilege> granted, Consumer<PluginUpgradeOptions.Builder> options) {
        return installed(
                http.post("/plugins/{+name}/upgrade", name)
                        .options(PluginUpgradeOptions.of(notBlank("remote", remote), options))
                        .registryAuth(RegistryAddress.ofName(remote))
                        .body(granted),
                name);
    }

    private Transfer<Plugin> installed(Request request, String name) {
        return new Transfer<>(request, CreateImageInfo.class, TransferFacts::any, facts -> inspect(name));
    }

    /**
     * Makes a plugin from a tar that has its {@code config.json} and its files in {@code rootfs/}. Engine operation
     * {@code PluginCreate}. Completes when it is installed; it is not enabled.
     *
     * @param name its name; without a tag, {@code latest}
     * @param tar the tar, plain or compressed; taken as fast as the Engine reads it
     */
    public Mono<Void> create(String name, Publisher<ByteBuffer> tar) {
        return http.post("/plugins/create")
                .options(PluginCreateOptions.of(notBlank("name", name), options -> {}))
                .upload("application/x-tar", tar)
                .done();
    }

    /** Starts a plugin. Engine operation {@code PluginEnable}. Completes when it answers; fails when it is enabled already. */
    public Mono<Void> enable(String name) {
        return enable(name, options -> {});
    }

    /** As {@link #enable(String)}, with a limit for the plugin's answers. */
    public Mono<Void> enable(String name, Consumer<PluginEnableOptions.Builder> options) {
        return http.post("/plugins/{+name}/enable", name)
                // Without a number the Engine fails, although its own description calls it optional.
                .options(PluginEnableOptions.of(enable -> options.accept(enable.timeout(Duration.ZERO))))
                .patient()
                .done();
    }

    /** Stops a plugin that nothing uses. Engine operation {@code PluginDisable}. Fails when it is disabled already. */
    public Mono<Void> disable(String name) {
        return disable(name, options -> {});
    }

    /** As {@link #disable(String)}; one that is used too with {@code force(true)}. */
    public Mono<Void> disable(String name, Consumer<PluginDisableOptions.Builder> options) {
        return http.post("/plugins/{+name}/disable", name)
                .options(PluginDisableOptions.of(options))
                .patient()
                .done();
    }

    /**
     * Changes settings of a plugin that is not enabled, those that its maker left to users. Engine operation {@code PluginSet}.
     *
     * @param settings {@code NAME=value} for a variable, {@code NAME.source=/folder} for a mount, {@code NAME.path=/dev/x} for a
     *     device, {@code args=…} for the arguments
     */
    public Mono<Void> set(String name, String... settings) {
        return http.post("/plugins/{+name}/set", name).body(List.of(settings)).done();
    }

    /**
     * Sends a plugin to the registry that its name says. Engine operation {@code PluginPush}.
     *
     * @return the push, which begins when it is subscribed to
     */
    public Transfer<Pushed> push(String name) {
        return push(name, options -> {});
    }

    /** As {@link #push(String)}, with credentials. */
    public Transfer<Pushed> push(String name, Consumer<PluginPushOptions.Builder> options) {
        return new Transfer<>(
                http.post("/plugins/{+name}/push", name)
                        .options(PluginPushOptions.of(options))
                        .registryAuth(RegistryAddress.ofName(name)),
                PushImageInfo.class,
                TransferFacts::any,
                facts -> TransferResults.pushedPlugin(name, facts));
    }

    /** Uninstalls a plugin that is not enabled. Engine operation {@code PluginDelete}. */
    public Mono<Void> remove(String name) {
        return remove(name, options -> {});
    }

    /** As {@link #remove(String)}; one that is enabled too with {@code force(true)}. */
    public Mono<Void> remove(String name, Consumer<PluginRemoveOptions.Builder> options) {
        return http.delete("/plugins/{+name}", name)
                .options(PluginRemoveOptions.of(options))
                .patient()
                .done();
    }

    private static String notBlank(String argument, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(argument + " is blank");
        }
        return value;
    }
}
