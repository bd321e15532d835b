package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.Environment;
import dev.fairlead.core.error.DockerException;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.DockerCli;
import dev.fairlead.testing.FakeEngine;
import dev.fairlead.testing.NewestEngine;
import dev.fairlead.testing.OnRealEngine;
import dev.fairlead.testing.RealEngine;
import dev.fairlead.testing.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of sources: in each environment, the Engine that this client takes is the one that today's {@code docker} takes. Contexts
 * are made by {@code docker context create}; what stands for Engines are servers that answer with their names. Where the two differ,
 * the row says why.
 */
@OnRealEngine
@NewestEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SourcesIT {

    private static final String FAILS = "fails";
    private static final Path USUAL = Path.of("/var/run/docker.sock");

    /** Headers that either side sets by itself. */
    private static final Set<String> OWN =
            Set.of("host", "user-agent", "accept", "accept-encoding", "content-length", "connection", "content-type");

    private final RealEngine engine;
    private final Map<String, FakeEngine> engines = new LinkedHashMap<>();
    private Path folder;
    private Path made;
    private Path store;
    private Path right;
    private Path wrong;
    private DockerCli cli;
    private int homes;

    SourcesIT(RealEngine engine) {
        this.engine = engine;
    }

    /**
     * An environment, and what becomes of it.
     *
     * @param name what it shows
     * @param variables set for both
     * @param config the text of config.json, or null for none
     * @param program what the program, or a flag of the command, names: {@code -H} or {@code --context} and its value
     * @param docker what the command does: {@code context server}, or fails
     * @param ours what this client does
     * @param reason why they differ, or empty
     */
    record Row(
            String name,
            Map<String, String> variables,
            @Nullable String config,
            List<String> program,
            String docker,
            String ours,
            String reason) {

        Row with(String variable, String value) {
            Map<String, String> more = new HashMap<>(variables);
            more.put(variable, value);
            return new Row(name, more, config, program, docker, ours, reason);
        }

        Row config(String text) {
            return new Row(name, variables, text.replace('\'', '"'), program, docker, ours, reason);
        }

        Row current(String context) {
            return config("{'currentContext': '" + context + "'}");
        }

        Row program(String... words) {
            return new Row(name, variables, config, List.of(words), docker, ours, reason);
        }

        Row both(String outcome) {
            return new Row(name, variables, config, program, outcome, outcome, reason);
        }

        Row differs(String dockers, String own, String why) {
            return new Row(name, variables, config, program, dockers, own, why);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name) {
        return new Row(name, Map.of(), null, List.of(), "", "", "");
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        cli = new DockerCli(folder);
        Certificates certificates = Certificates.in(folder.resolve("right"));
        SSLContext context = certificates.server();
        right = certificates.folder();
        wrong = Certificates.in(folder.resolve("wrong")).folder();
        add("one", FakeEngine.unix(folder.resolve("one.sock")));
        add("two", FakeEngine.unix(folder.resolve("two.sock")));
        add("clear", FakeEngine.tcp());
        add("secure", FakeEngine.tls(() -> serverSide(context, false)));
        add("mutual", FakeEngine.tls(() -> serverSide(context, true)));
        makeContexts();
    }

    private void add(String name, FakeEngine fake) {
        String version =
                "{\"Version\":\"" + name + "\",\"ApiVersion\":\"1.51\",\"MinAPIVersion\":\"1.24\",\"Os\":\"linux\"}";
        fake.on(
                "GET",
                "/version",
                exchange -> exchange.answer(200, Map.of("Content-Type", "application/json"), version));
        engines.put(name, fake);
    }

    private static SSLEngine serverSide(SSLContext context, boolean mutual) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(mutual);
        return engine;
    }

    private void makeContexts() throws IOException {
        made = folder.resolve("made");
        store = Files.createDirectories(made.resolve(".docker")).resolve("contexts");
        String secure = "host=" + tcp("secure");
        String mutual = "host=" + tcp("mutual");
        create("one", "host=" + host("one"));
        create("two", "host=" + host("two"));
        create("clear", "host=" + host("clear"));
        create("wire", secure);
        create("ca", secure + ",ca=" + right.resolve("ca.pem"));
        create("careless", secure + ",skip-tls-verify=true");
        create("wrong-ca", secure + ",ca=" + wrong.resolve("ca.pem"));
        create("wrong-careless", secure + ",skip-tls-verify=true,ca=" + wrong.resolve("ca.pem"));
        create("mutual", mutual + "," + files(right));
        create("mutual-bare", mutual + ",ca=" + right.resolve("ca.pem"));
        create("mutual-careless", mutual + ",skip-tls-verify=true," + files(right));
        create("damaged", "host=" + host("one"));
        Files.writeString(meta("damaged"), "{\"Name\":");
        create("empty", "host=" + host("one"));
        Files.writeString(meta("empty"), "{\"Name\":\"empty\",\"Endpoints\":{}}");
        create("lower", "host=" + host("one"));
        Files.writeString(
                meta("lower"),
                "{\"name\":\"lower\",\"endpoints\":{\"docker\":{\"HOST\":\"" + host("two") + "\",\"more\":[1]}}}");
        create("hostless", "host=" + host("one"));
        Files.writeString(meta("hostless"), "{\"Name\":\"hostless\",\"Endpoints\":{\"docker\":{}}}");
        create("scheme", "host=" + host("one"));
        Files.writeString(meta("scheme"), "{\"Name\":\"scheme\",\"Endpoints\":{\"docker\":{\"Host\":\"gopher://h\"}}}");
    }

    private static String files(Path certificates) {
        return "ca=" + certificates.resolve("ca.pem") + ",cert=" + certificates.resolve("cert.pem") + ",key="
                + certificates.resolve("key.pem");
    }

    private void create(String name, String endpoint) throws IOException {
        DockerCli.Result created =
                cli.run(Map.of("HOME", made.toString()), List.of("context", "create", name, "--docker", endpoint));
        assertThat(created.status()).as(created.errors()).isZero();
    }

    private Path meta(String name) throws IOException {
        try (Stream<Path> all = Files.walk(store.resolve("meta"))) {
            return all.filter(file -> file.endsWith("meta.json"))
                    .filter(file -> contains(file, "\"Name\":\"" + name + "\""))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @AfterAll
    void stop() throws IOException {
        for (FakeEngine fake : engines.values()) {
            fake.stop();
        }
    }

    private FakeEngine fake(String name) {
        return Objects.requireNonNull(engines.get(name));
    }

    private String host(String name) {
        return fake(name).host();
    }

    /** The address of one that speaks TLS, as {@code docker} takes it. */
    private String tcp(String name) {
        return "tcp://127.0.0.1:" + fake(name).port();
    }

    /** Which Engine is asked: the answer names it. */
    private Stream<Row> reached() {
        String one = host("one");
        String clear = host("clear");
        String certificates = right.toString();
        Path elsewhere = folder.resolve("elsewhere");
        return Stream.of(
                // Precedence.
                row("DOCKER_HOST").with("DOCKER_HOST", one).both("default one"),
                row("DOCKER_HOST before DOCKER_CONTEXT")
                        .with("DOCKER_HOST", one)
                        .with("DOCKER_CONTEXT", "two")
                        .both("default one"),
                row("DOCKER_HOST before currentContext")
                        .with("DOCKER_HOST", one)
                        .current("two")
                        .both("default one"),
                row("DOCKER_HOST before a missing DOCKER_CONTEXT")
                        .with("DOCKER_HOST", one)
                        .with("DOCKER_CONTEXT", "missing")
                        .both("default one"),
                row("DOCKER_HOST before a missing currentContext")
                        .with("DOCKER_HOST", one)
                        .current("missing")
                        .both("default one"),
                row("DOCKER_CONTEXT").with("DOCKER_CONTEXT", "two").both("two two"),
                row("DOCKER_CONTEXT before currentContext")
                        .with("DOCKER_CONTEXT", "two")
                        .current("one")
                        .both("two two"),
                row("DOCKER_CONTEXT before a missing currentContext")
                        .with("DOCKER_CONTEXT", "two")
                        .current("missing")
                        .both("two two"),
                row("currentContext").current("one").both("one one"),
                row("currentContext, tcp").current("clear").both("clear clear"),
                row("an empty DOCKER_CONTEXT")
                        .with("DOCKER_CONTEXT", "")
                        .current("one")
                        .both("one one"),
                row("an empty DOCKER_HOST")
                        .with("DOCKER_HOST", "")
                        .current("one")
                        .both("one one"),
                row("context before DOCKER_HOST")
                        .program("--context", "one")
                        .with("DOCKER_HOST", clear)
                        .both("one one"),
                row("context before DOCKER_CONTEXT")
                        .program("--context", "one")
                        .with("DOCKER_CONTEXT", "two")
                        .both("one one"),
                row("context before currentContext")
                        .program("--context", "one")
                        .current("two")
                        .both("one one"),
                row("context default is DOCKER_HOST")
                        .program("--context", "default")
                        .with("DOCKER_HOST", clear)
                        .current("one")
                        .both("default clear"),
                row("host before DOCKER_HOST")
                        .program("-H", clear)
                        .with("DOCKER_HOST", one)
                        .both("default clear"),
                row("host before a missing DOCKER_CONTEXT")
                        .program("-H", clear)
                        .with("DOCKER_CONTEXT", "missing")
                        .both("default clear"),
                row("host before currentContext")
                        .program("-H", clear)
                        .current("one")
                        .both("default clear"),
                row("host and context").program("-H", clear, "--context", "one").both(FAILS),
                // Contexts that can't be had.
                row("context missing").program("--context", "missing").both(FAILS),
                row("DOCKER_CONTEXT missing").with("DOCKER_CONTEXT", "missing").both(FAILS),
                row("currentContext missing").current("missing").both(FAILS),
                row("DOCKER_CONTEXT is a path")
                        .with("DOCKER_CONTEXT", "../contexts/one")
                        .both(FAILS),
                row("currentContext in other letters").current("ONE").both(FAILS),
                row("damaged meta.json").with("DOCKER_CONTEXT", "damaged").both(FAILS),
                row("damaged meta.json by currentContext").current("damaged").both(FAILS),
                row("a context without the endpoint")
                        .with("DOCKER_CONTEXT", "empty")
                        .both(FAILS),
                row("a context of an unknown scheme")
                        .with("DOCKER_CONTEXT", "scheme")
                        .both(FAILS),
                row("names of any case in meta.json")
                        .with("DOCKER_CONTEXT", "lower")
                        .both("lower two"),
                // config.json.
                row("currentContext in any case")
                        .config("{'CURRENTCONTEXT': 'one'}")
                        .both("one one"),
                row("the last currentContext counts")
                        .config("{'currentContext': 'two', 'currentContext': 'one'}")
                        .both("one one"),
                row("damaged config.json beside DOCKER_CONTEXT")
                        .config("{")
                        .with("DOCKER_CONTEXT", "one")
                        .both("one one"),
                row("damaged config.json beside DOCKER_HOST")
                        .config("{")
                        .with("DOCKER_HOST", one)
                        .both("default one"),
                row("DOCKER_CONFIG has other contexts")
                        .with("DOCKER_CONFIG", elsewhere.toString())
                        .with("DOCKER_CONTEXT", "two")
                        .both(FAILS),
                row("DOCKER_CONFIG")
                        .with("DOCKER_CONFIG", made.resolve(".docker").toString())
                        .with("DOCKER_CONTEXT", "two")
                        .both("two two"),
                // TLS of contexts.
                row("a context with a CA").with("DOCKER_CONTEXT", "ca").both("ca secure"),
                row("a context that skips").with("DOCKER_CONTEXT", "careless").both("careless secure"),
                row("a context with a wrong CA")
                        .with("DOCKER_CONTEXT", "wrong-ca")
                        .both(FAILS),
                row("a context with a wrong CA that skips")
                        .with("DOCKER_CONTEXT", "wrong-careless")
                        .both("wrong-careless secure"),
                row("a context without TLS at a port of TLS")
                        .with("DOCKER_CONTEXT", "wire")
                        .both(FAILS),
                row("a context with a certificate")
                        .with("DOCKER_CONTEXT", "mutual")
                        .both("mutual mutual"),
                row("a context that lacks the certificate")
                        .with("DOCKER_CONTEXT", "mutual-bare")
                        .both(FAILS),
                row("a context with a certificate that skips")
                        .with("DOCKER_CONTEXT", "mutual-careless")
                        .both("mutual-careless mutual"),
                row("TLS variables are not for contexts")
                        .with("DOCKER_CONTEXT", "clear")
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CERT_PATH", certificates)
                        .both("clear clear"),
                // TLS of variables.
                row("DOCKER_TLS_VERIFY")
                        .with("DOCKER_HOST", tcp("mutual"))
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CERT_PATH", certificates)
                        .both("default mutual"),
                row("DOCKER_TLS_VERIFY of 0 verifies")
                        .with("DOCKER_HOST", tcp("secure"))
                        .with("DOCKER_TLS_VERIFY", "0")
                        .with("DOCKER_CERT_PATH", wrong.toString())
                        .both(FAILS),
                row("an empty DOCKER_TLS_VERIFY")
                        .with("DOCKER_HOST", clear)
                        .with("DOCKER_TLS_VERIFY", "")
                        .both("default clear"),
                row("DOCKER_TLS does not verify")
                        .with("DOCKER_HOST", tcp("secure"))
                        .with("DOCKER_TLS", "1")
                        .with("DOCKER_CERT_PATH", wrong.toString())
                        .both("default secure"),
                row("files of TLS beside config.json")
                        .with("DOCKER_HOST", tcp("mutual"))
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CONFIG", certificates)
                        .both("default mutual"),
                row("DOCKER_CERT_PATH leads nowhere")
                        .with("DOCKER_HOST", tcp("secure"))
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CERT_PATH", "/nowhere")
                        .both(FAILS),
                row("TLS variables and a socket")
                        .with("DOCKER_HOST", one)
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CERT_PATH", certificates)
                        .both("default one"),
                row("DOCKER_CERT_PATH alone")
                        .with("DOCKER_HOST", tcp("secure"))
                        .with("DOCKER_CERT_PATH", certificates)
                        .differs(FAILS, "default secure", "it is TLS for Docker's library, for the command nothing"),
                // Addresses.
                row("DOCKER_HOST of an unknown scheme")
                        .with("DOCKER_HOST", "gopher://h")
                        .both(FAILS),
                row("blanks around DOCKER_HOST")
                        .with("DOCKER_HOST", " " + one + " ")
                        .both("default one"),
                row("DOCKER_HOST without a scheme")
                        .with("DOCKER_HOST", clear.replace("tcp://", ""))
                        .both("default clear"),
                row("DOCKER_HOST is a path")
                        .with("DOCKER_HOST", one.replace("unix://", ""))
                        .differs(FAILS, "default one", "it can mean one thing only"),
                row("DOCKER_HOST of http")
                        .with("DOCKER_HOST", clear.replace("tcp", "http"))
                        .differs(FAILS, "default clear", "it can mean one thing only"),
                // The version.
                row("DOCKER_API_VERSION")
                        .with("DOCKER_HOST", one)
                        .with("DOCKER_API_VERSION", "1.44")
                        .both("default one 1.44"),
                row("DOCKER_API_VERSION with a v")
                        .with("DOCKER_CONTEXT", "two")
                        .with("DOCKER_API_VERSION", "v1.44")
                        .both("two two 1.44"),
                row("DOCKER_API_VERSION that is none")
                        .with("DOCKER_HOST", one)
                        .with("DOCKER_API_VERSION", "latest")
                        .both(FAILS));
    }

    /** Where the usual place would be asked, which tests must not make: what is said of it. */
    private Stream<Row> named() {
        String usual = "default unix://" + USUAL;
        return Stream.of(
                row("nothing").both(usual),
                row("an empty config.json").config("").both(usual),
                row("currentContext default").current("default").both(usual),
                row("currentContext empty").current("").both(usual),
                row("currentContext null").config("{'currentContext': null}").both(usual),
                row("DOCKER_CONTEXT default")
                        .with("DOCKER_CONTEXT", "default")
                        .current("one")
                        .both(usual),
                row("context default")
                        .program("--context", "default")
                        .with("DOCKER_CONTEXT", "one")
                        .current("two")
                        .both(usual),
                row("a blank DOCKER_HOST")
                        .with("DOCKER_HOST", " ")
                        .current("one")
                        .both(usual),
                row("a context without a host")
                        .with("DOCKER_CONTEXT", "hostless")
                        .differs(
                                "hostless",
                                "hostless unix://" + USUAL,
                                "docker asks the usual place too, and does not say so"),
                row("TLS without a host")
                        .with("DOCKER_TLS_VERIFY", "1")
                        .with("DOCKER_CERT_PATH", right.toString())
                        .both("default tcp://localhost:2376"),
                row("TLS unverified without a host")
                        .with("DOCKER_TLS", "1")
                        .with("DOCKER_CERT_PATH", right.toString())
                        .both("default tcp://localhost:2376"),
                row("certificates without a host")
                        .with("DOCKER_CERT_PATH", right.toString())
                        .both(usual),
                row("DOCKER_HOST of a scheme alone")
                        .with("DOCKER_HOST", "unix://")
                        .differs(usual, FAILS, "what it should have said is not known"),
                row("a damaged config.json")
                        .config("{'currentContext': 'one'")
                        .differs(usual, FAILS, "it might name another Engine than the usual one"),
                row("a config.json of another kind")
                        .config("{'currentContext': 7}")
                        .differs(usual, FAILS, "it might name another Engine than the usual one"),
                row("a rootless Engine")
                        .with("XDG_RUNTIME_DIR", folder.toString())
                        .differs(usual, "default unix://" + folder + "/docker.sock", "the usual one is not there"));
    }

    /** Which headers the Engine gets. */
    private Stream<Row> headers() {
        String config = "{'HttpHeaders': {'X-File': 'f', 'x-Both': 'f', 'User-Agent': 'f'}}";
        return Stream.of(
                row("HttpHeaders").config(config).both("{x-both=[f], x-file=[f]}"),
                row("DOCKER_CUSTOM_HEADERS")
                        .with("DOCKER_CUSTOM_HEADERS", "X-Variable=v, x-more =a=b,\"x-list=1,2\",x-list=3")
                        .both("{x-list=[3], x-more=[a=b], x-variable=[v]}"),
                row("DOCKER_CUSTOM_HEADERS in place of HttpHeaders")
                        .config(config)
                        .with("DOCKER_CUSTOM_HEADERS", "x-both=v,user-agent=v")
                        .both("{x-both=[v]}"),
                row("the later of two")
                        .with("DOCKER_CUSTOM_HEADERS", "x-a=1,X-A=2")
                        .both("{x-a=[2]}"),
                row("a header without a value")
                        .with("DOCKER_CUSTOM_HEADERS", "x-a=")
                        .both("{x-a=[]}"),
                row("an empty DOCKER_CUSTOM_HEADERS")
                        .config(config)
                        .with("DOCKER_CUSTOM_HEADERS", "")
                        .both("{x-both=[f], x-file=[f]}"),
                row("a comma in quotes")
                        .with("DOCKER_CUSTOM_HEADERS", "\"x-a=1,\"\"2\"\"\",x-b=3")
                        .both("{x-a=[1,\"2\"], x-b=[3]}"),
                row("no pair").with("DOCKER_CUSTOM_HEADERS", "x-a").both(FAILS),
                row("no name").with("DOCKER_CUSTOM_HEADERS", "=x").both(FAILS),
                row("an open quote").with("DOCKER_CUSTOM_HEADERS", "\"x-a=1").both(FAILS),
                row("a quote within").with("DOCKER_CUSTOM_HEADERS", "x-a=\"1\"").both(FAILS),
                row("a name that is none")
                        .with("DOCKER_CUSTOM_HEADERS", "x a=1")
                        .both(FAILS),
                row("a line break in a value")
                        .with("DOCKER_CUSTOM_HEADERS", "\"x-a=1\nx-b: 2\"")
                        .both(FAILS),
                row("a second line")
                        .with("DOCKER_CUSTOM_HEADERS", "x-a=1\nx-b=2")
                        .differs("{x-a=[1]}", FAILS, "a header that is not sent has to be missed"),
                row("Content-Length and Host")
                        .with("DOCKER_CUSTOM_HEADERS", "Content-Length=5,Host=h,x-a=1")
                        .both("{x-a=[1]}"),
                row("headers of a damaged config.json").config("{").both("{}"),
                row("a host of the program")
                        .program("-H", host("two"))
                        .config(config)
                        .differs("{x-both=[f], x-file=[f]}", "{}", "they were meant for the environment's Engine"));
    }

    @ParameterizedTest
    @MethodSource("reached")
    void theSameEngineIsReached(Row row) throws IOException {
        Map<String, String> variables = environment(row);
        boolean version = row.variables().containsKey("DOCKER_API_VERSION");
        DockerCli.Result said =
                docker(row, variables, "version", "--format", "{{.Client.Context}} {{.Server.Version}}");
        String dockers = said.status() != 0 ? FAILS : said.output() + (version ? asked(said.output()) : "");
        assertThat(dockers).as("docker: %s", said.errors()).isEqualTo(row.docker());

        String ours;
        try (DockerClient client = client(row, variables)) {
            String name = EngineTest.get(client.system().version()).version();
            String context = client.describe().context();
            ours = (context == null ? "default" : context) + " " + name;
            ours += version ? asked(ours) : "";
        } catch (DockerException | IllegalArgumentException failed) {
            ours = FAILS;
        }
        assertThat(ours).isEqualTo(row.ours());
        differs(row);
    }

    private String asked(String outcome) {
        List<Request> requests =
                fake(outcome.substring(outcome.indexOf(' ') + 1)).requests();
        String target = requests.get(requests.size() - 1).target();
        return " " + target.substring("/v".length(), target.indexOf("/version"));
    }

    @ParameterizedTest
    @MethodSource("named")
    void theSameEngineIsNamed(Row row) throws IOException {
        Map<String, String> variables = environment(row);
        DockerCli.Result said =
                docker(row, variables, "context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}");
        assertThat(said.status() != 0 ? FAILS : said.output())
                .as("docker: %s", said.errors())
                .isEqualTo(row.docker());

        String ours;
        try (DockerClient client = client(row, variables)) {
            ClientDescription description = client.describe();
            ours = (description.context() == null ? "default" : description.context()) + " "
                    + description.host().toString().replace("https://", "tcp://");
        } catch (DockerException | IllegalArgumentException failed) {
            ours = FAILS;
        }
        assertThat(ours).isEqualTo(row.ours());
        differs(row);
    }

    @ParameterizedTest
    @MethodSource("headers")
    void theSameHeadersAreSent(Row plain) throws IOException {
        Row row = plain.program().isEmpty() ? plain.with("DOCKER_HOST", host("two")) : plain;
        Map<String, String> variables = environment(row);
        DockerCli.Result said = docker(row, variables, "version");
        assertThat(said.status() != 0 ? FAILS : received())
                .as("docker: %s", said.errors())
                .isEqualTo(row.docker());

        String ours;
        try (DockerClient client = client(row, variables)) {
            EngineTest.get(client.system().version());
            ours = received();
            assertThat(last().headers().entrySet().stream()
                            .filter(header -> header.getKey().equalsIgnoreCase("User-Agent"))
                            .flatMap(header -> header.getValue().stream()))
                    .containsExactly("fairlead");
        } catch (DockerException | IllegalArgumentException failed) {
            ours = FAILS;
        }
        assertThat(ours).isEqualTo(row.ours());
        differs(row);
    }

    private Request last() {
        List<Request> requests = fake("two").requests();
        return requests.get(requests.size() - 1);
    }

    private String received() {
        Map<String, List<String>> headers = new TreeMap<>();
        last().headers().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name.toLowerCase(Locale.ROOT), values);
            }
        });
        return headers.toString();
    }

    private static void differs(Row row) {
        assertThat(row.docker().equals(row.ours()))
                .as("a difference has a reason, and only that")
                .isEqualTo(row.reason().isEmpty());
    }

    /** The command's picture of a context leads this client to the same real Engine. */
    @Test
    void theRealEngineByItsContext() throws IOException {
        create("real", "host=" + engine.host());
        Row row = row("real").current("real");
        Map<String, String> variables = environment(row);
        DockerCli.Result said = docker(row, variables, "info", "--format", "{{.ID}}");
        try (DockerClient client = client(row, variables)) {
            assertThat(client.describe().apiVersion()).isNull();
            assertThat(EngineTest.get(client.system().info()).id()).isEqualTo(said.output());
            assertThat(client.describe().apiVersion()).isNotNull();
            assertThat(client.describe().toString())
                    .contains("host: " + engine.host() + " (currentContext=real of ", "context: real", "TLS: off");
        }
    }

    /** A home of the row's own, with the contexts that all share. */
    private Map<String, String> environment(Row row) throws IOException {
        Path home = folder.resolve("home-" + homes++);
        Path configuration = Files.createDirectories(home.resolve(".docker"));
        Files.createSymbolicLink(configuration.resolve("contexts"), store);
        if (row.config() != null) {
            Files.writeString(configuration.resolve("config.json"), row.config());
        }
        Map<String, String> variables = new HashMap<>(row.variables());
        variables.put("HOME", home.toString());
        return variables;
    }

    private DockerCli.Result docker(Row row, Map<String, String> variables, String... command) throws IOException {
        List<String> arguments = new ArrayList<>(row.program());
        arguments.addAll(List.of(command));
        return cli.run(variables, arguments);
    }

    private static Path home(Map<String, String> variables) {
        return Path.of(Objects.requireNonNull(variables.get("HOME")));
    }

    private DockerClient client(Row row, Map<String, String> variables) {
        DockerConfig.Builder config = DockerConfig.builder();
        for (int i = 0; i < row.program().size(); i += 2) {
            String value = row.program().get(i + 1);
            if (row.program().get(i).equals("-H")) {
                config.host(value);
            } else {
                config.context(value);
            }
        }
        Path usual = variables.containsKey("XDG_RUNTIME_DIR") ? folder.resolve("docker.sock") : USUAL;
        return DockerClient.create(config.build(), new Environment(variables, home(variables), usual::equals));
    }
}
