package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import dev.fairlead.ExchangeFilter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard with a real Engine behind it. */
class DashboardIT {

    private static final String LOGS = "GET /containers/{id}/logs";
    private static final String STATS = "GET /containers/{id}/stats";
    private static final int READERS = 200;
    private static final int STALLED = 10;

    private static final Exchanges exchanges = new Exchanges();

    private static PrivateEngine engine;
    private static DockerClient docker;
    private static ConfigurableApplicationContext dashboard;
    private static int port;
    private static String origin;
    private static WebTestClient page;
    private static WebClient streams;

    @BeforeAll
    static void start() {
        engine = new PrivateEngine();
        docker = DockerClient.create(config -> config.host(engine.host()));
        dashboard = new SpringApplicationBuilder(Dashboard.class)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("exchanges", ExchangeFilter.class, () -> exchanges);
                    // Of what goes to a stalled browser, the kernel would take megabytes.
                    beans.registerBean(
                            "small",
                            NettyServerCustomizer.class,
                            () -> server -> server.childOption(ChannelOption.SO_SNDBUF, 16_384));
                })
                .run("--server.port=0", "--dashboard.engine=" + engine.host(), "--dashboard.stalled-after=10m");
        port = dashboard.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        origin = "http://127.0.0.1:" + port;
        page = WebTestClient.bindToServer()
                .baseUrl(origin)
                .defaultHeader("Origin", origin)
                .responseTimeout(Page.LIMIT)
                .build();
        streams = WebClient.builder()
                .baseUrl(origin)
                .clientConnector(new ReactorClientHttpConnector(
                        HttpClient.create(ConnectionProvider.create("browsers", 2 * READERS))))
                .build();
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        docker.close();
        engine.close();
    }

    @Test
    void listChangesWithTheEngineByOneStreamOfEvents() {
        List<Flux<JsonNode>> browsers =
                List.of(listings().replay().autoConnect(), listings().replay().autoConnect());
        browsers.forEach(browser -> assertThat(browser.blockFirst(Page.LIMIT)).isNotNull());
        String id = create("live", "sleep 1000");
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("created")));
        post(id, "start").isOk().expectBody(String.class).isEqualTo("\"CHANGED\"");
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("running")));
        post(id, "start").isOk().expectBody(String.class).isEqualTo("\"UNCHANGED\"");
        docker.containers().kill(id).block(Page.LIMIT);
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("exited")));
        page.delete().uri("/api/containers/" + id).exchange().expectStatus().isOk();
        browsers.forEach(browser -> awaitListing(browser, id, String::isEmpty));
        assertThat(exchanges.open("GET /events", "")).isOne();
    }

    @Test
    void refusalsAreTheEngines() {
        String id = started("refused", "sleep 1000");
        page.delete()
                .uri("/api/containers/" + id)
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.CONFLICT)
                .expectBody(String.class)
                .consumeWith(answer -> assertThat(answer.getResponseBody()).contains("container is running"));
        String none = "0".repeat(64);
        post(none, "stop").isNotFound().expectBody(String.class).consumeWith(answer -> assertThat(answer.getResponseBody())
                .contains("No such container: " + none));
        post("refused", "stop").isBadRequest();
        page.delete()
                .uri("/api/containers/" + id + "?force=true")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void otherPagesGetNothing() {
        String id = create("own", "sleep 1000");
        for (String other : List.of("http://evil.example", "http://127.0.0.1:1", "null")) {
            page.post()
                    .uri("/api/containers/" + id + "/start")
                    .headers(headers -> headers.set("Origin", other))
                    .exchange()
                    .expectStatus()
                    .isForbidden();
            try (Page socket = new Page(socket(id, "terminal"), other)) {
                assertThatThrownBy(() -> socket.end().block(Page.LIMIT)).hasMessageContaining("403");
            }
        }
        page.get()
                .uri("/")
                .headers(headers -> headers.set("Host", "evil.example:" + port))
                .exchange()
                .expectStatus()
                .isForbidden();
        page.get().uri("/").exchange().expectStatus().isOk();
        assertThat(docker.containers().inspect(id).blockOptional().orElseThrow().state())
                .satisfies(state -> assertThat(state.running()).isFalse());
    }

    @Test
    void pausedLogStallsItsStreamAndGoesOnWithTheNextLine() throws Exception {
        int lines = 40_000;
        String id = started("many-lines", "i=0; while [ $i -lt " + lines + " ]; do echo line $i; i=$((i+1)); done");
        docker.containers().awaitExit(id).block(Page.LIMIT);
        try (Page log = new Page(socket(id, "log"), origin)) {
            log.tell("200");
            for (int i = 0; i < 200; i++) {
                assertThat(log.next()).contains("\"line " + i + "\"");
            }
            // Paused: nothing is asked for. What the Engine has sent beyond that stays in the socket.
            List<Long> read = Flux.interval(Duration.ofMillis(100))
                    .map(tick -> exchanges.of(LOGS, id).get(0).traffic().bytesReceived())
                    .take(10)
                    .collectList()
                    .blockOptional(Page.LIMIT)
                    .orElseThrow();
            assertThat(read).as("bytes taken from the Engine's socket").containsOnly(read.get(0));
            assertThat(read.get(0)).isLessThan(64 * 1024);
            assertThat(log.waiting()).isZero();
            log.tell("200");
            for (int i = 200; i < lines; i++) {
                if (i % 100 == 0 && i > 300) {
                    log.tell("100");
                }
                assertThat(log.next()).contains("\"line " + i + "\"");
            }
            log.tell("1");
            assertThat(log.next()).isEqualTo("{\"end\":true}");
            log.end().block(Page.LIMIT);
        }
        Page.await(0, () -> exchanges.open(LOGS, id));
    }

    @Test
    void terminalRunsAShellAndEndsItWithTheWebSocket() throws Exception {
        String id = started("shell", "sleep 1000");
        try (Page terminal = new Page(socket(id, "terminal"), origin)) {
            terminal.tell("{\"more\":32}");
            terminal.until("#");
            terminal.tell("{\"rows\":33,\"columns\":101}");
            // What is asked before the size has arrived is answered with another one: so until it has.
            terminal.type("until [ \"$(stty size)\" = '33 101' ]; do :; done; echo got-$((40+2))\n");
            terminal.until("got-42");
            terminal.tell("{\"more\":16}");
            terminal.type("ls /\n");
            terminal.until("etc");
            terminal.tell("{\"more\":16}");
            terminal.type("exit 3\n");
            assertThat(terminal.until("}")).endsWith("{\"exit\":3}");
            terminal.end().block(Page.LIMIT);
        }
        Page left = new Page(socket(id, "terminal"), origin);
        left.tell("{\"more\":8}");
        left.until("#");
        assertThat(processes(id)).isEqualTo(2);
        left.close();
        Page.await(1, () -> processes(id));
        docker.containers().kill(id).block(Page.LIMIT);
        try (Page refused = new Page(socket(id, "terminal"), origin)) {
            assertThat(refused.next()).contains("is not running");
        }
    }

    @Test
    void twoHundredReadersAreOneStreamAndNobodyWaitsForTheSlow() throws Exception {
        int lines = 1_500;
        String id = started(
                "watched",
                "p=$(head -c 512 /dev/zero | tr '\\0' x); echo ready; until [ -e /go ]; do sleep 0.01; done; i=0; "
                        + "while [ $i -lt " + lines + " ]; do echo \"n=$i $p\"; i=$((i+1)); usleep 1000; done");
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                stalled.add(stalledReader(id));
            }
            List<Flux<Line>> onTime = IntStream.range(STALLED, READERS)
                    .mapToObj(i -> lines(id).replay().autoConnect())
                    .toList();
            onTime.forEach(reader -> assertThat(reader.blockFirst(Page.LIMIT)).isNotNull());
            docker.execs().run(id, "touch", "/go").block(Page.LIMIT);
            List<Long> delays = new ArrayList<>();
            for (Flux<Line> reader : onTime) {
                List<Line> all =
                        reader.skip(1).collectList().blockOptional(Page.LIMIT).orElseThrow();
                assertThat(all.stream().map(Line::number))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, lines).boxed().toList());
                all.forEach(line -> delays.add(line.delay().toMillis()));
            }
            delays.sort(null);
            long p99 = delays.get(delays.size() * 99 / 100);
            System.out.printf(
                    "dashboard: %d readers on time of %d lines, p50 %d ms, p99 %d ms, %d stalled%n",
                    onTime.size(), lines, delays.get(delays.size() / 2), p99, STALLED);
            assertThat(p99).isLessThan(10_000);
            assertThat(exchanges.of(LOGS, id)).hasSize(1);
            for (Socket socket : stalled) {
                List<Long> numbers = numbersLeft(socket);
                assertThat(numbers).isSorted().hasSizeLessThan(lines);
                // The newest are there: what is missing lies between, and the numbers tell it.
                assertThat(numbers.get(numbers.size() - 1)).isEqualTo(lines);
            }
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void usageIsOneStreamThatEndsWithItsLastReader() {
        String id = started("used", "sleep 1000");
        List<Flux<ServerSentEvent<String>>> readers = List.of(events(id, "usage"), events(id, "usage"));
        Flux.merge(readers.stream().map(reader -> reader.take(2)).toList())
                .filter(event -> "usage".equals(event.event()))
                .buffer(4)
                .blockLast(Page.LIMIT);
        assertThat(exchanges.of(STATS, id)).hasSize(1);
        Page.await(0, () -> exchanges.open(STATS, id));
    }

    @Test
    void pullThatFailsSaysWhy() {
        String last = page.post()
                .uri("/api/pulls?image=127.0.0.1:1/none:1")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .getResponseBody()
                .filter(event -> "failure".equals(event.event()))
                .map(event -> String.valueOf(event.data()))
                .blockFirst(Page.LIMIT);
        assertThat(last).contains("connection refused");
    }

    /** A line of the shared tail: its event's number, and how long after the Engine it came. */
    private record Line(long number, Duration delay) {}

    private static Flux<Line> lines(String id) {
        return events(id, "tail")
                .filter(event -> "line".equals(event.event()))
                .map(event -> new Line(
                        Long.parseLong(String.valueOf(event.id())),
                        Duration.between(Instant.parse(json(event).get("at").asString()), Instant.now())));
    }

    private static Flux<JsonNode> listings() {
        return streams.get()
                .uri("/api/containers")
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .map(DashboardIT::json);
    }

    private static Flux<ServerSentEvent<String>> events(String id, String stream) {
        return streams.get()
                .uri("/api/containers/" + id + "/" + stream)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<>() {});
    }

    private static JsonNode json(ServerSentEvent<String> event) {
        return JsonMapper.shared().readTree(event.data());
    }

    /** The state of a container that is not there is empty. */
    private static void awaitListing(Flux<JsonNode> browser, String id, Predicate<String> state) {
        // What it showed before is looked at too: a state that was there comes no second time.
        assertThat(browser.map(listing -> listing.get("containers")
                                .valueStream()
                                .filter(container ->
                                        container.get("id").asString().equals(id))
                                .map(container -> container.get("state").asString())
                                .findFirst()
                                .orElse(""))
                        .skipUntil(now -> !now.isEmpty())
                        .filter(state)
                        .blockFirst(Page.LIMIT))
                .isNotNull();
    }

    private static Socket stalledReader(String id) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET /api/containers/" + id + "/tail HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                + "\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream input = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("ready") < 0) {
            head.append((char) input.read());
        }
        return socket;
    }

    private static List<Long> numbersLeft(Socket socket) throws IOException {
        socket.setSoTimeout((int) Page.LIMIT.toMillis());
        StringBuilder text = new StringBuilder();
        InputStream input = socket.getInputStream();
        byte[] buffer = new byte[65_536];
        while (text.indexOf("event:end", Math.max(0, text.length() - 2 * buffer.length)) < 0) {
            int count = input.read(buffer);
            assertThat(count).as("the stream goes on").isPositive();
            text.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
        }
        List<Long> numbers = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("(?m)^id:(\\d+)$").matcher(text.toString().replace("\r", ""));
        while (matcher.find()) {
            numbers.add(Long.valueOf(matcher.group(1)));
        }
        return numbers;
    }

    private static StatusAssertions post(String id, String action) {
        return page.post()
                .uri("/api/containers/" + id + "/" + action)
                .exchange()
                .expectStatus();
    }

    private static URI socket(String id, String kind) {
        return URI.create("ws://127.0.0.1:" + port + "/api/containers/" + id + "/" + kind);
    }

    private static String create(String name, String script) {
        return docker.containers()
                .create("busybox", options -> options.name(name).cmd("sh", "-c", script))
                .blockOptional(Page.LIMIT)
                .orElseThrow()
                .id();
    }

    private static String started(String name, String script) {
        String id = create(name, script);
        Mono<?> start = docker.containers().start(id);
        start.block(Page.LIMIT);
        return id;
    }

    private static long processes(String id) {
        return docker.containers()
                .top(id)
                .blockOptional(Page.LIMIT)
                .orElseThrow()
                .processes()
                .size();
    }
}
