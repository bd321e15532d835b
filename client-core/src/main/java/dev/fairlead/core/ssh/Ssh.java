package dev.fairlead.core.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How {@code ssh} is called for an {@code ssh://} host. Immutable. What is not set here is left to ssh: its configuration, its agent,
 * its known hosts. It never asks anybody anything.
 */
public final class Ssh {
    private static final Pattern OPTION_NAME = Pattern.compile("[A-Za-z0-9]+");

    /** How bytes get from the login to the Engine's socket. */
    public enum Passage {
        /** {@link #FORWARDED}, and {@link #DIAL_STDIO} where that is refused or finds no socket. */
        AUTOMATIC,
        /**
         * One login for all connections: it forwards a socket of this machine to the Engine's. Needs sshd's
         * {@code AllowStreamLocalForwarding}, and no program there.
         */
        FORWARDED,
        /**
         * A login of its own for each connection, which runs {@code docker system dial-stdio} as {@code docker} itself does; each takes
         * a process and three threads here.
         */
        DIAL_STDIO
    }

    private final String command;
    private final List<String> arguments;
    private final Passage passage;
    private final Duration loginTimeout;

    private Ssh(Builder builder) {
        this.command = builder.command;
        List<String> all = new ArrayList<>();
        Path file = builder.configFile;
        if (file != null) {
            all.addAll(List.of("-F", file.toString()));
        }
        all.addAll(builder.options);
        this.arguments = List.copyOf(all);
        this.passage = builder.passage;
        this.loginTimeout = builder.loginTimeout;
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * As {@link #builder()}, in one expression.
     *
     * @param settings sets what is to differ from the defaults
     * @return the settings
     */
    public static Ssh of(Consumer<Builder> settings) {
        Builder builder = builder();
        settings.accept(builder);
        return builder.build();
    }

    /**
     * The program.
     *
     * @return a name to be found in {@code PATH}, or a path
     */
    public String command() {
        return command;
    }

    /**
     * What the program gets ahead of all that Fairlead gives it; of an option that is named twice, ssh takes the first.
     *
     * @return the arguments
     */
    public List<String> arguments() {
        return arguments;
    }

    /**
     * How the Engine's socket is reached.
     *
     * @return the passage
     */
    public Passage passage() {
        return passage;
    }

    /**
     * How long a login may take.
     *
     * @return the limit
     */
    public Duration loginTimeout() {
        return loginTimeout;
    }

    /** Shows no option: one may be a command with a secret in it. */
    @Override
    public String toString() {
        return "Ssh[command=" + command + ", passage=" + passage + ", loginTimeout=" + loginTimeout + "]";
    }

    /** Collects what an {@link Ssh} says. */
    public static final class Builder {
        private String command = "ssh";
        private @Nullable Path configFile;
        private final List<String> options = new ArrayList<>();
        private Passage passage = Passage.AUTOMATIC;
        private Duration loginTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * The program to call; {@code ssh}, as {@code PATH} finds it.
         *
         * @param program a name without a folder, or an absolute path
         * @return this builder
         * @throws IllegalArgumentException if it is blank
         */
        public Builder command(String program) {
            if (program.isBlank()) {
                throw new IllegalArgumentException("program is blank");
            }
            this.command = program;
            return this;
        }

        /**
         * A file of settings in place of {@code ~/.ssh/config} and the machine's: {@code ssh -F}.
         *
         * @param file the file
         * @return this builder
         */
        public Builder configFile(Path file) {
            this.configFile = Objects.requireNonNull(file, "file");
            return this;
        }

        /**
         * A setting as in {@code ssh_config}: {@code option("IdentityFile", "/keys/id_ed25519")}. It wins over ssh's configuration, and
         * over what Fairlead sets itself.
         *
         * @param name the setting's name, letters and digits
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if the name is none, or the value has a control character; the value is not told
         */
        public Builder option(String name, String value) {
            if (!OPTION_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("name is no setting's of ssh: " + name);
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("value of the setting " + name + " has a control character");
            }
            options.add("-o");
            options.add(name + "=" + value);
            return this;
        }

        /**
         * How the Engine's socket is reached; {@link Passage#AUTOMATIC}.
         *
         * @param wanted the passage
         * @return this builder
         */
        public Builder passage(Passage wanted) {
            this.passage = Objects.requireNonNull(wanted, "wanted");
            return this;
        }

        /**
         * How long a login may take until the Engine answers through it; 30 s.
         *
         * @param timeout the limit
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder loginTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout is not positive: " + timeout);
            }
            this.loginTimeout = timeout;
            return this;
        }

        /**
         * Builds it.
         *
         * @return the settings
         */
        public Ssh build() {
            return new Ssh(this);
        }
    }
}
