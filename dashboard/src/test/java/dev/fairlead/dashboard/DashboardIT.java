package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
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

    /** Ten times 256 events of a kilobyte may wait, here and in Reactor Netty; the rest is what a busy program allots and keeps. */
    private static final long MOST_GROWTH = 16L << 20;

    private static RunningDashboard dashboard;
    private static Exchanges exchanges;
    private static DockerClient docker;
    private static int port;
    private static String origin;
    private static WebTestClient page;
    private static WebClient streams;

    @BeforeAll
    static void start() {
        dashboard = new RunningDashboard();
        exchanges = dashboard.exchanges;
        docker = dashboard.docker;
        port = dashboard.port;
        origin = dashboard.origin;
        page = WebTestClient.bindToServer()
                .baseUrl(origin)
                .defaultHeader("Origin", origin)
                .responseTimeout(PageSocket.LIMIT)
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
    }

    @Test
    void listChangesWithTheEngineByOneStreamOfEvents() {
        List<Flux<JsonNode>> browsers =
                List.of(listings().replay().autoConnect(), listings().replay().autoConnect());
        browsers.forEach(
                browser -> assertThat(browser.blockFirst(PageSocket.LIMIT)).isNotNull());
        String id = create("live", "sleep 1000");
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("created")));
        post(id, "start").isOk().expectBody(String.class).isEqualTo("\"CHANGED\"");
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("running")));
        post(id, "start").isOk().expectBody(String.class).isEqualTo("\"UNCHANGED\"");
        PageSocket.done(docker.containers().kill(id));
        browsers.forEach(browser -> awaitListing(browser, id, state -> state.equals("exited")));
        page.delete()
                .uri("/api/containers/" + id)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
        browsers.forEach(browser -> awaitListing(browser, id, String::isEmpty));
        assertThat(exchanges.open("GET /events", "")).isOne();
    }

    @Test
    void engineThatHasGoneIsShownAsGoneUntilItIsBack() {
        ConnectableFlux<JsonNode> browser = listings().replay(1);
        Disposable connection = browser.connect();
        try {
            Flux<JsonNode> gone =
                    browser.filter(listing -> !listing.get("failure").isNull());
            Flux<JsonNode> there =
                    browser.filter(listing -> listing.get("failure").isNull());
            assertThat(there.blockFirst(PageSocket.LIMIT)).isNotNull();
            dashboard.engine.kill();
            assertThat(gone.blockFirst(ContainerList.LOOK_EVERY.multipliedBy(2)))
                    .isNotNull();
            dashboard.engine.restart();
            assertThat(there.blockFirst(PageSocket.LIMIT)).isNotNull();
            // It has asked how far the Engine remembers, beside the stream of events.
            PageSocket.await(1, () -> exchanges.open("GET /events", ""));
        } finally {
            connection.dispose();
        }
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
        post(none, "stop").isNotFound().expectBody(String.class).consumeWith(answer -> assertThat(
                        answer.getResponseBody())
                .contains("No such container: " + none));
        post("refused", "stop").isBadRequest().expectBody(String.class).consumeWith(answer -> assertThat(
                        answer.getResponseBody())
                .contains("whole id"));
        page.delete()
                .uri("/api/containers/" + id + "?force=true")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
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
                    .isForbidden()
                    .expectBody();
            try (PageSocket socket = new PageSocket(socket(id, "terminal"), other)) {
                assertThatThrownBy(() -> PageSocket.done(socket.end())).hasMessageContaining("403");
            }
        }
        page.get()
                .uri("/")
                .headers(headers -> headers.set("Host", "evil.example:" + port))
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody();
        page.get().uri("/").exchange().expectStatus().isOk().expectBody();
        assertThat(docker.containers().inspect(id).blockOptional().orElseThrow().state())
                .satisfies(state -> assertThat(state.running()).isFalse());
    }

    @Test
    void pausedLogStallsItsStreamAndGoesOnWithTheNextLine() throws Exception {
        int lines = 40_000;
        String id = started("many-lines", "i=0; while [ $i -lt " + lines + " ]; do echo line $i; i=$((i+1)); done");
        PageSocket.done(docker.containers().awaitExit(id));
        try (PageSocket log = new PageSocket(socket(id, "log"), origin)) {
            log.tell("200");
            for (int i = 0; i < 200; i++) {
                assertThat(log.next()).contains("\"line " + i + "\"");
            }
            // Paused: nothing is asked for. What the Engine has sent beyond that stays in the socket.
            List<Long> read = Flux.interval(Duration.ofMillis(100))
                    .map(tick -> exchanges.of(LOGS, id).get(0).traffic().bytesReceived())
                    .take(10)
                    .collectList()
                    .blockOptional(PageSocket.LIMIT)
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
            PageSocket.done(log.end());
        }
        PageSocket.await(0, () -> exchanges.open(LOGS, id));
    }

    @Test
    void terminalRunsAShellAndEndsItWithTheWebSocket() throws Exception {
        String id = started("shell", "sleep 1000");
        try (PageSocket terminal = new PageSocket(socket(id, "terminal"), origin)) {
            terminal.tell("{\"more\":32}");
            terminal.until("#");
            terminal.tell("{\"rows\":33,\"columns\":101}");
            // What is asked before the size has arrived is answered with another one: so until it has.
            terminal.type("until [ \"$(stty size)\" = '33 101' ]; do :; done; echo got-$((40+2))\n");
            terminal.until("got-42");
            terminal.type("ls /\n");
            terminal.until("etc");
            terminal.type("exit 3\n");
            assertThat(terminal.until("}")).endsWith("{\"exit\":3}");
            PageSocket.done(terminal.end());
        }
        PageSocket left = new PageSocket(socket(id, "terminal"), origin);
        left.tell("{\"more\":8}");
        left.until("#");
        assertThat(processes(id)).isEqualTo(2);
        left.close();
        PageSocket.await(1, () -> processes(id));
        PageSocket.done(docker.containers().kill(id));
        try (PageSocket refused = new PageSocket(socket(id, "terminal"), origin)) {
            assertThat(refused.next()).contains("is not running");
        }
    }

    @Test
    void twoHundredReadersAreOneStreamAndNobodyWaitsForTheSlow() throws Exception {
        int lines = 450;
        String id = started(
                "watched",
                "p=$(head -c 1024 /dev/zero | tr '\\0' x); echo ready; until [ -e /go ]; do sleep 0.01; done; i=0; "
                        + "while [ $i -lt " + lines + " ]; do echo \"n=$i $p\"; i=$((i+1)); usleep 50000; done");
        ExecutorService threads = Executors.newFixedThreadPool(READERS - STALLED);
        List<TailReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(new TailReader(port, id, "ready"));
            }
            assertThat(exchanges.of(LOGS, id)).hasSize(1);
            Memory before = Memory.now();
            List<Future<List<TailReader.Line>>> onTime = readers.subList(STALLED, READERS).stream()
                    .map(reader -> threads.submit(reader::rest))
                    .toList();
            PageSocket.done(docker.execs().run(id, "touch", "/go"));
            List<Long> delays = new ArrayList<>();
            for (Future<List<TailReader.Line>> reader : onTime) {
                List<TailReader.Line> all = reader.get(2, TimeUnit.MINUTES);
                assertThat(numbers(all))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, lines).boxed().toList());
                all.forEach(line -> delays.add(line.delay().toMillis()));
            }
            delays.sort(null);
            long p99 = delays.get(delays.size() * 99 / 100);
            System.out.printf(
                    "dashboard: %d readers of %d lines, p50 %d ms, p99 %d ms, beside %d that stalled%n",
                    onTime.size(), lines, delays.get(delays.size() / 2), p99, STALLED);
            assertThat(p99).isLessThan(10_000);
            // The ten have read nothing yet: what waits for them is held now.
            Memory grown = Memory.now().since(before);
            System.out.printf(
                    "dashboard: while %d MB went to readers, memory grew by %s%n",
                    (long) READERS * lines / 1024, grown);
            assertThat(grown.heap()).isLessThan(MOST_GROWTH);
            assertThat(grown.direct()).isLessThan(MOST_GROWTH);
            for (TailReader reader : readers.subList(0, STALLED)) {
                // The oldest and the newest are there: what is missing lies between, and the numbers tell it.
                assertThat(numbers(reader.rest()))
                        .isSorted()
                        .startsWith(1L)
                        .endsWith((long) lines)
                        .hasSizeLessThan(lines);
            }
        } finally {
            threads.shutdownNow();
            for (TailReader reader : readers) {
                reader.close();
            }
        }
    }

    /** Of what is held for the slow, no more for a long stream than for a short one. */
    @Test
    void whatTheSlowDoNotTakeIsNotKept() throws Exception {
        int lines = 40_000;
        String id = started(
                "floods",
                "p=$(head -c 1024 /dev/zero | tr '\\0' x); echo ready; until [ -e /go ]; do sleep 0.01; done; i=0; "
                        + "while [ $i -lt " + lines + " ]; do echo \"n=$i $p\"; i=$((i+1)); done");
        List<TailReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i <= STALLED; i++) {
                readers.add(new TailReader(port, id, "ready"));
            }
            Memory before = Memory.now();
            PageSocket.done(docker.execs().run(id, "touch", "/go"));
            // Whether it sees them all is another matter: the lines come faster than anyone reads.
            assertThat(numbers(readers.get(STALLED).rest())).endsWith((long) lines);
            Memory grown = Memory.now().since(before);
            System.out.printf("dashboard: %d MB that %d readers did not take are %s%n", lines / 1024, STALLED, grown);
            assertThat(grown.heap()).isLessThan(MOST_GROWTH);
            assertThat(grown.direct()).isLessThan(MOST_GROWTH);
        } finally {
            for (TailReader reader : readers) {
                reader.close();
            }
        }
    }

    private static List<Long> numbers(List<TailReader.Line> lines) {
        return lines.stream().map(TailReader.Line::number).toList();
    }

    @Test
    void usageIsOneStreamThatEndsWithItsLastReader() {
        String id = started("used", "sleep 1000");
        List<Flux<ServerSentEvent<String>>> readers = List.of(events(id, "usage"), events(id, "usage"));
        assertThat(Flux.merge(readers.stream().map(reader -> reader.take(2)).toList())
                        .map(event -> String.valueOf(event.event()))
                        .collectList()
                        .block(PageSocket.LIMIT))
                .hasSize(4)
                .containsOnly("usage");
        assertThat(exchanges.of(STATS, id)).hasSize(1);
        PageSocket.await(0, () -> exchanges.open(STATS, id));
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
                .blockFirst(PageSocket.LIMIT);
        assertThat(last).contains("connection refused");
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
                        .blockFirst(PageSocket.LIMIT))
                .isNotNull();
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
        return dashboard.create(name, script);
    }

    private static String started(String name, String script) {
        return dashboard.started(name, script);
    }

    private static long processes(String id) {
        return docker.containers()
                .top(id)
                .blockOptional(PageSocket.LIMIT)
                .orElseThrow()
                .processes()
                .size();
    }
}
