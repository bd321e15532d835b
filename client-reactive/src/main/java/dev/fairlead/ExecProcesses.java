package dev.fairlead;

import dev.fairlead.core.error.Conflict;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.core.error.NotFound;
import dev.fairlead.model.ExecCreateOptions;
import dev.fairlead.model.Outcome;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * The processes of one exec, to be signalled.
 *
 * <p>The Engine has no call for that, and the process id that it tells is one of its own machine, which means nothing inside the
 * container. So the program is started with a variable in its environment that nothing else has, its children inherit it, and another
 * exec looks for it in the container's {@code /proc}.
 */
final class ExecProcesses {

    private static final String VARIABLE = "FAIRLEAD_EXEC";

    private static final Pattern SIGNAL = Pattern.compile("[A-Z0-9][A-Z0-9+-]*");

    /**
     * Signals whoever has $1 in its environment by $2 and prints how many there were. Takes nothing but a shell: with {@code read},
     * which skips the NULs between variables, even grep need not be there. Ahead of SIGKILL all are stopped, so that nobody sees
     * another one end and goes on with what comes next; and it is repeated until nobody is found, as children are born meanwhile.
     */
    private static final String SCRIPT = """
            each() {
              found=0
              for environment in /proc/[0-9]*/environ; do
                while IFS= read -r line || [ -n "$line" ]; do
                  case $line in *"$1"*)
                    id=${environment#/proc/}
                    kill -s "$2" "${id%/environ}" && found=$((found + 1))
                    break ;;
                  esac
                done <"$environment"
              done 2>/dev/null
            }
            total=0
            while :; do
              [ "$2" != KILL ] || each "$1" STOP
              each "$1" "$2"
              total=$((total + found))
              [ "$2" = KILL ] && [ "$found" -gt 0 ] && [ "$total" -lt 1000 ] || break
            done
            echo "$total"
            """;

    private final Execs execs;
    private final String container;
    private final ExecCreateOptions options;
    private final String mark = VARIABLE + "=" + random() + random();

    ExecProcesses(Execs execs, String container, ExecCreateOptions options) {
        this.execs = execs;
        this.container = container;
        this.options = options;
    }

    /** It has to differ from others, and need not be a secret: a generator of secrets might block. */
    private static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The options of the exec, with the mark. */
    ExecCreateOptions marked() {
        List<String> environment = new ArrayList<>(options.env());
        environment.add(mark);
        return options.toBuilder().env(environment).build();
    }

    /** Unchanged when there was nobody left to signal. */
    Mono<Outcome> signal(String exec, String signal) {
        return begun(exec)
                .then(found(name(signal)))
                .onErrorResume(
                        DockerException.class,
                        refused -> refused instanceof NotFound || refused instanceof Conflict
                                ? ended(exec).flatMap(over -> over ? Mono.just(0L) : Mono.error(refused))
                                : Mono.error(refused))
                .flatMap(count -> count > 0 ? Mono.just(Outcome.CHANGED) : orUnreachable(exec));
    }

    /** The Engine connects before it starts the program; until then there is nothing to find. */
    private Mono<Void> begun(String exec) {
        return execs.inspect(exec)
                .filter(state -> state.exitCode() != null || (state.running() && state.pid() > 0))
                .repeatWhenEmpty(empty -> empty.concatMap(execs::pause))
                .onErrorResume(NotFound.class, gone -> Mono.empty())
                .then();
    }

    /** As the shell's {@code kill} takes it: without SIG in front. */
    private static String name(String signal) {
        String upper = signal.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (!SIGNAL.matcher(name).matches()) {
            throw new IllegalArgumentException("signal is neither a name nor a number: " + signal);
        }
        return name;
    }

    private Mono<Long> found(String signal) {
        // With the rights of the program: nobody else without more of them may read its environment.
        return execs.run(container, exec -> exec.cmd("sh", "-c", SCRIPT, "sh", mark, signal)
                        .exec(more -> more.user(options.user()).privileged(options.privileged())))
                .map(result -> {
                    String printed = result.stdoutText().strip();
                    return result.exitCode() == 0 && printed.matches("\\d{1,9}") ? Long.parseLong(printed) : 0L;
                });
    }

    private Mono<Outcome> orUnreachable(String exec) {
        return ended(exec)
                .flatMap(over -> over
                        ? Mono.just(Outcome.UNCHANGED)
                        : Mono.error(new IllegalStateException(
                                "the program runs, and could not be signalled from inside its container: that takes a shell "
                                        + "in the image, a readable /proc, and a program that kept its user and its "
                                        + "environment")));
    }

    private Mono<Boolean> ended(String exec) {
        return execs.inspect(exec)
                .map(state -> !state.running() && state.exitCode() != null)
                .onErrorReturn(NotFound.class, true);
    }
}
