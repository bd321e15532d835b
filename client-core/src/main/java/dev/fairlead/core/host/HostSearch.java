package dev.fairlead.core.host;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.ContextFailed;
import dev.fairlead.core.tls.Tls;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One search in an environment, in {@code docker}'s order. Reads the files that it needs, each once. */
final class HostSearch {
    private static final String HOST = "DOCKER_HOST";
    private static final String CONTEXT = "DOCKER_CONTEXT";

    private final Environment environment;
    private final @Nullable Tls explicitTls;
    private final UsualPlaces usualPlaces;
    private final ContextStore contexts;
    private final Path settingsFile;
    private final List<String> passedOver = new ArrayList<>();
    private @Nullable ClientSettings settings;

    HostSearch(Environment environment, @Nullable Tls explicitTls) {
        this.environment = environment;
        this.explicitTls = explicitTls;
        this.usualPlaces = new UsualPlaces(environment, File.separatorChar == '\\');
        this.contexts = new ContextStore(environment.configFolder().resolve("contexts"));
        this.settingsFile = environment.configFolder().resolve("config.json");
    }

    /** The host of this context, or, without one, of the first that the environment names. */
    ResolvedHost find(@Nullable String explicitContext) {
        ResolvedHost found = explicitContext != null ? ofProgram(explicitContext) : ofEnvironment();
        CustomHeaders headers = headers();
        return new ResolvedHost(found.host(), found.source(), found.tls(), found.context(), headers, passedOver);
    }

    private ResolvedHost ofProgram(String context) {
        if (!context.equals(ContextName.DEFAULT)) {
            passOver(HOST, "the program's context comes before it");
        }
        passOver(CONTEXT, "the program's context comes before it");
        return named(context, "the program's context " + context);
    }

    private ResolvedHost ofEnvironment() {
        if (environment.variable(HOST) != null) {
            passOver(CONTEXT, HOST + " comes before it");
            return unnamed("");
        }
        String variable = environment.variable(CONTEXT);
        if (variable != null) {
            return named(variable, CONTEXT + "=" + variable);
        }
        String current = currentContext();
        return current == null ? unnamed("") : named(current, "currentContext=" + current + " of " + settingsFile);
    }

    private void passOver(String variable, String reason) {
        if (environment.variable(variable) != null) {
            passedOver.add(variable + ": " + reason);
        }
    }

    /** A file that is damaged might name another Engine than the one that would be taken without it. */
    private @Nullable String currentContext() {
        try {
            return settings().currentContext();
        } catch (IllegalArgumentException damaged) {
            throw new ContextFailed(
                    HostResolver.OPERATION,
                    null,
                    "currentContext can't be read: " + damaged.getMessage(),
                    "mend the file, or set DOCKER_HOST or DOCKER_CONTEXT");
        }
    }

    private ClientSettings settings() {
        ClientSettings read = settings;
        if (read == null) {
            read = ClientSettings.read(settingsFile);
            settings = read;
        }
        return read;
    }

    private ResolvedHost named(String name, String by) {
        if (name.equals(ContextName.DEFAULT)) {
            return unnamed(by + ": ");
        }
        if (!ContextName.isValid(name)) {
            throw failed(null, by, "that is no name of a context", "a letter or digit, then letters, digits and _.+-");
        }
        ContextStore.Context context;
        try {
            context = contexts.find(name);
        } catch (IllegalArgumentException damaged) {
            throw failed(name, by, damaged.getMessage(), "docker context create makes a new one");
        }
        Path file = contexts.file(name);
        if (context == null) {
            throw failed(name, by, "there is no " + file, "docker context ls lists the contexts that there are");
        }
        Stream.of("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS")
                .forEach(variable -> passOver(variable, "a context has its own TLS"));
        String source = by + ", in " + file;
        if (context.host().isEmpty()) {
            return new ResolvedHost(usualPlaces.find(), source + ": " + usualPlaces.source(), null, name);
        }
        Tls tls = explicitTls != null ? explicitTls : context.tls();
        try {
            return new ResolvedHost(DockerHost.parse(context.host(), tls != null), source, tls, name);
        } catch (IllegalArgumentException invalid) {
            throw failed(name, by, file + ": Host: " + invalid.getMessage(), null);
        }
    }

    private static ContextFailed failed(
            @Nullable String name, String by, @Nullable String what, @Nullable String hint) {
        // A variable may hold anything, and a message is one line.
        return new ContextFailed(HostResolver.OPERATION, name, by.replaceAll("\\p{Cntrl}", "?") + ": " + what, hint);
    }

    /** What {@code docker} calls the default context. */
    private ResolvedHost unnamed(String by) {
        Tls tls = explicitTls != null ? explicitTls : Tls.ofEnvironment(environment);
        String variable = environment.variable(HOST);
        String address = variable == null ? "" : variable.strip();
        if (!address.isEmpty()) {
            try {
                return new ResolvedHost(DockerHost.parse(address, tls != null), by + HOST, tls);
            } catch (IllegalArgumentException invalid) {
                throw new IllegalArgumentException(HOST + ": " + invalid.getMessage(), invalid);
            }
        }
        // Where TLS is asked for and no host is named, docker looks for one that speaks it.
        for (String asking : List.of("DOCKER_TLS_VERIFY", "DOCKER_TLS")) {
            if (environment.variable(asking) != null) {
                return new ResolvedHost(DockerHost.parse("https://localhost"), by + asking + " without a host", tls);
            }
        }
        return new ResolvedHost(usualPlaces.find(), by + usualPlaces.source());
    }

    private CustomHeaders headers() {
        String variable = environment.variable(CustomHeadersReader.VARIABLE);
        if (variable != null) {
            try {
                return CustomHeadersReader.ofVariable(variable, passedOver::add);
            } catch (IllegalArgumentException invalid) {
                throw new IllegalArgumentException(CustomHeadersReader.VARIABLE + ": " + invalid.getMessage());
            }
        }
        ClientSettings read;
        try {
            read = settings();
        } catch (IllegalArgumentException damaged) {
            // The Engine is known without it; docker only warns as well.
            passedOver.add(damaged.getMessage());
            return CustomHeaders.NONE;
        }
        try {
            return CustomHeadersReader.checked(read.headers(), "HttpHeaders of " + settingsFile, passedOver::add);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException(settingsFile + ": HttpHeaders: " + invalid.getMessage());
        }
    }
}
