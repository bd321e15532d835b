package dev.fairlead.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.BuildContext;
import dev.fairlead.ExchangeRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** The dashboard as its user has it: the page in a browser, with a real Engine behind it. */
class BrowserIT {

    private static final String LOGS = "GET /containers/{id}/logs";

    /** Runs until it is stopped, and then ends at once. */
    private static final String RUNS = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

    /** Keeps every line that the log gets, also those that go again. */
    private static final String KEEP_LINES = "() => { window.kept = []; new MutationObserver((changes) => {"
            + " const now = Date.now(); for (const change of changes) for (const line of change.addedNodes)"
            + " window.kept.push([line.textContent, line.title, now]);"
            + " }).observe(document.getElementById('lines'), { childList: true }); }";

    /** Keeps every value that the layers' bars have, as a part of the whole. */
    private static final String KEEP_BARS = "() => { window.bars = {}; new MutationObserver((changes) => {"
            + " for (const { target } of changes) if (target.max && target.hasAttribute('value'))"
            + " (window.bars[target.parentElement.id] ??= []).push(target.value / target.max);"
            + " }).observe(document.getElementById('layers'),"
            + " { subtree: true, attributes: true, attributeFilter: ['value'] }); }";

    private static RunningDashboard dashboard;
    private static Browser browser;

    @BeforeAll
    static void start() {
        dashboard = new RunningDashboard();
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        dashboard.close();
    }

    @AfterEach
    void leaveNothing() {
        try {
            browser.closePages();
        } finally {
            PageSocket.done(dashboard
                    .docker
                    .containers()
                    .list(list -> list.all(true))
                    .concatMap(
                            container -> dashboard.docker.containers().remove(container.id(), how -> how.force(true)))
                    .then());
        }
    }

    @Test
    void startedContainersFirstLineIsSeenWithinASecond() {
        dashboard.create("says", "echo its-first-line; " + RUNS);
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "says").click();
        Browser.openTab(page, "Log");
        assertThat(page.locator("#log-state")).hasText("The container has stopped.");
        page.evaluate(KEEP_LINES);

        Instant clicked = Instant.now();
        Browser.button(page, "Start says").click();
        page.waitForFunction("() => window.kept.length > 0");

        List<?> line = (List<?>) list(page.evaluate("() => window.kept")).get(0);
        assertThat(line.get(0)).isEqualTo("its-first-line");
        Instant said = Instant.parse((String) line.get(1));
        Instant seen = Instant.ofEpochMilli(((Number) line.get(2)).longValue());
        System.out.printf(
                "browser: a line is seen %d ms after the Engine had it, %d ms after the click on Start%n",
                Duration.between(said, seen).toMillis(),
                Duration.between(clicked, seen).toMillis());
        assertThat(Duration.between(said, seen)).isBetween(Duration.ofMillis(-1), Duration.ofSeconds(1));
        assertThat(Browser.row(page, "says").locator(".state")).hasText("running");
        assertThat(page.locator("#log-state")).hasText("Following");
        Browser.shoot(page, "log");
    }

    @Test
    void pausedLogReadsNothingFromTheEngineAndMissesNoLine() {
        String id = dashboard.started(
                "talks",
                "i=0; until [ -e /enough ]; do j=0; while [ $j -lt 50 ]; do echo line $i; i=$((i+1)); j=$((j+1)); done;"
                        + " usleep 50000; done; echo last $i");
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "talks").click();
        page.evaluate(KEEP_LINES);
        Browser.openTab(page, "Log");
        page.waitForFunction("() => window.kept.length > 500");

        Browser.button(page, "Pause").click();
        // What it had asked for still comes.
        assertThat(page.locator("#log-state")).containsText("Paused: 200 lines are here");
        // The stream of the view before, which is another one, ends a moment after it.
        PageSocket.await(1, () -> dashboard.exchanges.open(LOGS, id));
        ExchangeRequest log = dashboard.exchanges.opened(LOGS, id).get(0);
        int written = written(id);
        Object shown = page.evaluate("() => window.kept.length");
        List<Long> read = RunningDashboard.get(Flux.interval(Duration.ofMillis(100))
                .map(tick -> log.traffic().bytesReceived())
                .take(10)
                .collectList());
        assertThat(read).as("bytes read from the Engine's socket").containsOnly(read.get(0));
        assertThat(page.evaluate("() => window.kept.length")).isEqualTo(shown);
        int writtenMeanwhile = written(id) - written;
        assertThat(writtenMeanwhile).isGreaterThan(100);
        Browser.shoot(page, "log-paused");

        Browser.button(page, "Go on").click();
        PageSocket.done(dashboard.docker.execs().run(id, "touch", "/enough"));
        assertThat(page.locator("#log-state")).hasText("The container has stopped.");
        List<String> lines = list(page.evaluate("() => window.kept.map((line) => line[0])")).stream()
                .map(String.class::cast)
                .toList();
        int count = lines.size() - 1;
        assertThat(lines.get(count)).isEqualTo("last " + count);
        assertThat(lines.subList(0, count))
                .isEqualTo(IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
        System.out.printf(
                "browser: of %d lines %d were written in a pause of a second, 0 bytes of them read, none missing%n",
                count, writtenMeanwhile);
    }

    /** How many lines the Engine has of a container. */
    private static int written(String id) {
        String line = String.valueOf(dashboard
                .docker
                .containers()
                .logLines(id, log -> log.tail(1))
                .map(last -> last.text())
                .blockLast(PageSocket.LIMIT));
        return Integer.parseInt(line.replace("line ", ""));
    }

    @Test
    void terminalShowsTheContainersFilesAndTakesTheWindowsSize() {
        dashboard.started("shell", "touch /only-in-here; " + RUNS);
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "shell").click();
        Browser.openTab(page, "Terminal");
        Locator screen = page.locator("#screen .xterm-rows");
        assertThat(screen).containsText("#");

        page.keyboard().type("ls /\n");
        assertThat(screen).containsText("only-in-here");
        Browser.shoot(page, "terminal");

        int rows = page.locator("#screen .xterm-rows > div").count();
        page.keyboard()
                .type("clear; until stty size | grep -q '^" + rows + " '; do :; done; echo at-first: $(stty size)\n");
        assertThat(screen).containsText(Pattern.compile("at-first: " + rows + " \\d+"));
        String columns = screen.textContent().replaceAll("(?s).*at-first: \\d+ (\\d+).*", "$1");
        page.setViewportSize(700, 500);
        assertThat(page.locator("#screen .xterm-rows > div")).not().hasCount(rows);
        int fewer = page.locator("#screen .xterm-rows > div").count();
        assertThat(fewer).isLessThan(rows);
        page.keyboard()
                .type("clear; until stty size | grep -q '^" + fewer + " '; do :; done; echo and-now: $(stty size)\n");
        assertThat(screen).containsText(Pattern.compile("and-now: " + fewer + " \\d+"));
        assertThat(screen.textContent().replaceAll("(?s).*and-now: \\d+ (\\d+).*", "$1"))
                .isNotEqualTo(columns);

        page.keyboard().press("Shift+Escape");
        assertThat(page.locator("#tab-terminal")).isFocused();
    }

    @Test
    void pullOf200MegabytesIsWatched() {
        // Few and large: a quick Engine has 50 MB before it has said three times how far it is.
        int layers = 2;
        int size = 100_000_000;
        String image = dashboard.engine.registry() + "/large:1";
        String step = "\nRUN head -c " + size + " /dev/urandom >/";
        PageSocket.done(dashboard
                .docker
                .images()
                .build(
                        BuildContext.ofDockerfile("FROM busybox"
                                + String.join(
                                        "",
                                        IntStream.range(0, layers)
                                                .mapToObj(i -> step + i)
                                                .toList())),
                        build -> build.tags(image))
                .result());
        PageSocket.done(dashboard.docker.images().push(image).result());
        PageSocket.done(dashboard.docker.images().remove(image).then());

        Page page = browser.open(dashboard.origin);
        page.evaluate(KEEP_BARS);
        page.getByLabel("Image").fill(image);
        long begin = System.nanoTime();
        Browser.button(page, "Pull").click();
        page.waitForFunction("() => Object.values(window.bars).flat().some((part) => part > 0.3 && part < 0.9)");
        Browser.shoot(page, "pull");
        assertThat(Browser.button(page, "Cancel pull")).isVisible();
        assertThat(page.locator("#transfer-text")).hasText("Pulled " + image);
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        assertThat(Browser.button(page, "Cancel pull")).isHidden();

        Map<?, ?> bars = (Map<?, ?>) page.evaluate("() => window.bars");
        assertThat(page.locator("#layers progress")).hasCount(layers + 1);
        assertThat(list(page.evaluate(
                        "() => [...document.querySelectorAll('#layers progress')].map((bar) => bar.value / bar.max)")))
                .as("the bars at the end")
                .allSatisfy(part -> assertThat(((Number) part).doubleValue()).isEqualTo(1));
        List<Long> steps = bars.values().stream()
                .map(values -> list(values).stream()
                        .map(part -> ((Number) part).doubleValue())
                        .filter(part -> part > 0 && part < 1)
                        .distinct()
                        .count())
                .toList();
        assertThat(steps.stream().filter(count -> count >= 3))
                .as("layers whose bar grew in steps")
                .hasSize(layers);
        System.out.printf("browser: 200 MB were pulled in %d ms, and the bars grew in %s steps%n", millis, steps);
        PageSocket.done(dashboard.docker.images().remove(image).then());
    }

    @Test
    void refusalsOfTheEngineAreShownInItsWords() {
        String id = dashboard.create("box", RUNS);
        Page page = browser.open(dashboard.origin);
        Locator problem = page.locator("#problem");
        Locator state = Browser.row(page, "box").locator(".state");
        assertThat(state).hasText("created");

        // Asked when it did not run, and started by somebody else before the answer.
        Browser.button(page, "Remove box").click();
        assertThat(page.getByText("Remove box?")).isVisible();
        PageSocket.done(dashboard.docker.containers().start(id));
        assertThat(state).hasText("running");
        Browser.button(page, "Remove").click();
        assertThat(problem).containsText("container is running");
        assertThat(state).hasText("running");
        Browser.shoot(page, "refusal");

        // What goes well takes the message away.
        Browser.button(page, "Stop box").click();
        assertThat(state).hasText("exited (0)");
        assertThat(problem).isHidden();
        Browser.button(page, "Start box").click();
        assertThat(state).hasText("running");

        Browser.button(page, "Remove box").click();
        assertThat(page.getByText("Remove box, which is running?")).isVisible();
        Browser.button(page, "Keep it").click();
        assertThat(state).hasText("running");
        Browser.button(page, "Remove box").click();
        Browser.button(page, "Remove").click();
        assertThat(Browser.row(page, "box")).hasCount(0);
        assertThat(page.getByText("There is no container.")).isVisible();
    }

    @Test
    void programThatIsNotThereIsSaidSo() {
        RunningDashboard.get(dashboard.docker.containers().create("busybox", options -> options.name("nothing")
                .cmd("/no-such-program")));
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "Start nothing").click();
        assertThat(page.locator("#problem")).containsText("/no-such-program");
        assertThat(Browser.button(page, "Start nothing")).isEnabled();
    }

    @Test
    void plotsAreDrawn() {
        dashboard.started("busy", "while :; do :; done");
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "busy").click();
        for (String plot : List.of("cpu", "memory")) {
            assertThat(page.locator("#" + plot + "-now")).containsText(Pattern.compile("\\d"));
            page.waitForFunction(
                    "(plot) => { const canvas = document.getElementById(plot);"
                            + " return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean); }",
                    plot);
        }
        Browser.shoot(page, "overview");
    }

    /** By an event of the stream, or without any when its connection is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"end", "failure", ""})
    void figuresThatDoNotComeAreNotShownAsThoseOfNow(String event) {
        dashboard.started("measured", RUNS);
        AtomicBoolean away = new AtomicBoolean();
        AtomicReference<WebSocketRoute> usage = new AtomicReference<>();
        Page page = browser.open(dashboard.origin);
        page.routeWebSocket("**/usage/live", socket -> {
            if (away.get()) {
                socket.close();
            } else {
                socket.connectToServer();
                usage.set(socket);
            }
        });
        page.reload();
        Browser.button(page, "measured").click();
        Pattern figure = Pattern.compile("\\d");
        assertThat(page.locator("#cpu-now")).containsText(figure);
        assertThat(page.locator("#memory-now")).containsText(figure);
        away.set(true);
        WebSocketRoute open = Objects.requireNonNull(usage.get());
        if (event.isEmpty()) {
            open.close();
        } else {
            open.send("{\"event\":\"" + event + "\",\"id\":null,\"data\":{\"message\":\"gone\",\"hint\":null}}");
        }
        assertThat(page.locator("#cpu-now")).hasText("–");
        assertThat(page.locator("#memory-now")).hasText("–");
        away.set(false);
        assertThat(page.locator("#cpu-now")).containsText(figure);
        assertThat(page.locator("#memory-now")).containsText(figure);
    }

    @Test
    void keyboardAloneIsEnough() {
        dashboard.started("first", RUNS);
        dashboard.started("second", RUNS);
        Page page = browser.open(dashboard.origin);
        assertThat(Browser.button(page, "Stop first")).isVisible();
        assertThat(Browser.button(page, "Stop second")).isVisible();

        Browser.pressUntilFocused(page, "Tab", Browser.button(page, "first"));
        page.keyboard().press("Enter");
        assertThat(page.locator("#details-title")).hasText("first");
        assertThat(page.locator("#details-title")).isFocused();
        Browser.pressUntilFocused(page, "Tab", page.locator("#tab-overview"));
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        assertThat(page.locator("#log-state")).hasText("Following");

        Browser.pressUntilFocused(page, "Shift+Tab", Browser.button(page, "Stop first"));
        page.keyboard().press("Enter");
        assertThat(Browser.row(page, "first").locator(".state")).hasText("exited (0)");
        assertThat(Browser.row(page, "second").locator(".state")).hasText("running");
        assertThat(Browser.button(page, "Start first")).isFocused();

        Browser.pressUntilFocused(page, "Tab", Browser.button(page, "Remove first"));
        page.keyboard().press("Enter");
        assertThat(Browser.button(page, "Keep it")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(Browser.row(page, "first")).hasCount(0);
        assertThat(page.locator("#details")).isHidden();
    }

    @Test
    void whoHasGoneElsewhereIsNotFetchedBack() {
        String id = dashboard.started(
                "slow", "trap 'until [ -e /now ]; do sleep 0.1; done; exit 0' TERM; while :; do sleep 0.1; done");
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "Stop slow").click();
        assertThat(Browser.button(page, "Stop slow")).isDisabled();
        page.getByLabel("Image").fill("busy");
        PageSocket.done(dashboard.docker.execs().run(id, "touch", "/now"));
        assertThat(Browser.button(page, "Start slow")).isEnabled();
        assertThat(page.getByLabel("Image")).isFocused();
    }

    /** Of streams over HTTP/1.1 a browser has six at a time, for all its tabs together; a seventh request would wait for ever. */
    @Test
    void severalTabsOfOneBrowserHinderNoOther() {
        dashboard.started("looked-at", RUNS);
        Page page = browser.open(dashboard.origin);
        for (int tabs = 1; tabs <= 4; tabs++) {
            if (tabs > 1) {
                page = page.context().newPage();
                page.navigate(dashboard.origin);
            }
            Browser.button(page, "looked-at").click();
            assertThat(page.locator("#cpu-now")).containsText(Pattern.compile("\\d"));
        }
        Browser.button(page, "Stop looked-at").click();
        assertThat(Browser.button(page, "Start looked-at")).isEnabled();
    }

    @Test
    void pageGoesOnWhenTheDashboardIsBack() {
        AtomicBoolean away = new AtomicBoolean();
        AtomicReference<WebSocketRoute> list = new AtomicReference<>();
        Page page = browser.open(dashboard.origin);
        page.routeWebSocket("**/api/containers/live", socket -> {
            if (away.get()) {
                socket.close();
            } else {
                socket.connectToServer();
                list.set(socket);
            }
        });
        page.reload();
        Locator connection = page.locator("#connection");
        assertThat(connection).hasText("0 on this Engine, live");
        away.set(true);
        Objects.requireNonNull(list.get()).close();
        assertThat(connection).hasText("The dashboard does not answer.");
        dashboard.create("meanwhile", RUNS);
        away.set(false);
        assertThat(connection).hasText("1 on this Engine, live");
        assertThat(Browser.row(page, "meanwhile")).isVisible();
    }

    @Test
    void narrowWindowNeedsNoScrollingSidewards() {
        String name = "a-container-with-a-name-that-is-longer-than-any-narrow-window-is-wide";
        dashboard.started(name, "echo " + "x".repeat(300) + "; " + RUNS);
        Page page = browser.open(dashboard.origin);
        page.setViewportSize(360, 740);
        assertThat(Browser.button(page, "Stop " + name)).isVisible();
        assertNoScrollingSidewards(page);
        Browser.button(page, name).click();
        assertThat(page.locator("#tail")).containsText("xxx");
        assertNoScrollingSidewards(page);
        Browser.shoot(page, "narrow");
        Browser.openTab(page, "Log");
        assertThat(page.locator("#lines")).containsText("xxx");
        assertNoScrollingSidewards(page);
        Browser.openTab(page, "Terminal");
        assertThat(page.locator("#screen .xterm-rows")).containsText("#");
        assertNoScrollingSidewards(page);
        page.getByLabel("Image").fill("127.0.0.1:1/" + "long/".repeat(20) + "image:1");
        Browser.button(page, "Pull").click();
        assertThat(page.locator("#problem")).isVisible();
        assertNoScrollingSidewards(page);
    }

    private static void assertNoScrollingSidewards(Page page) {
        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @Test
    void darkModeChangesTheColours() {
        dashboard.started("shown", RUNS);
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "shown").click();
        assertThat(page.locator("#cpu-now")).containsText(Pattern.compile("\\d"));
        double light = brightness(page, "backgroundColor");
        assertThat(light - brightness(page, "color")).isGreaterThan(150);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        double dark = brightness(page, "backgroundColor");
        assertThat(brightness(page, "color") - dark).isGreaterThan(150);
        assertThat(light - dark).isGreaterThan(150);
        Browser.shoot(page, "dark");
    }

    /** Of the page's text or ground: 0 to 255. */
    private static double brightness(Page page, String property) {
        String colour = (String) page.evaluate("(property) => getComputedStyle(document.body)[property]", property);
        return Pattern.compile("\\d+")
                .matcher(colour)
                .results()
                .mapToInt(part -> Integer.parseInt(part.group()))
                .average()
                .orElseThrow();
    }

    /** By this name it is of the same site and another origin, and by the other of another site. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void pagesOfOthersChangeNothing(String name) {
        String id = dashboard.create("own", RUNS);
        String start = dashboard.origin + "/api/containers/" + id + "/start";
        long changes = dashboard.exchanges.changes();
        try (OtherOrigin other = new OtherOrigin()) {
            Page page = browser.open(other.at(name));
            // Sent without asking beforehand; its answer is hidden from the page.
            assertThat(page.evaluate(
                            "(to) => fetch(to, { method: 'POST', mode: 'no-cors' }).then(() => 'seen', () => 'refused')",
                            start))
                    .isEqualTo("refused");
            assertThat(page.evaluate(
                            "(to) => fetch(to, { method: 'DELETE' }).then(() => 'removed', () => 'refused')",
                            dashboard.origin + "/api/containers/" + id))
                    .isEqualTo("refused");
            assertThat(page.evaluate(
                            "(to) => fetch(to).then((answer) => answer.text(), () => 'refused')",
                            dashboard.origin + "/api/containers"))
                    .isEqualTo("refused");
            for (String socket : List.of(id + "/terminal", id + "/log", id + "/tail/live", "live")) {
                assertThat(page.evaluate(
                                "(to) => new Promise((done) => { const socket = new WebSocket(to);"
                                        + " socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })",
                                "ws://127.0.0.1:" + dashboard.port + "/api/containers/" + socket))
                        .isEqualTo("refused");
            }
            Response form = page.waitForResponse(
                    start,
                    () -> page.evaluate(
                            "(to) => { const form = document.createElement('form'); form.method = 'POST'; form.action = to;"
                                    + " document.body.append(form); form.submit(); }",
                            start));
            assertThat(form.status()).isEqualTo(403);
            assertThat(page.locator("body")).containsText("another origin");
        }
        assertThat(dashboard.exchanges.changes()).isEqualTo(changes);
        assertThat(RunningDashboard.get(dashboard.docker.containers().inspect(id))
                        .state())
                .satisfies(state -> assertThat(state.running()).isFalse());
        // The same from the page's own origin is done.
        Page own = browser.open(dashboard.origin);
        assertThat(own.evaluate("(to) => fetch(to, { method: 'POST' }).then((answer) => answer.status)", start))
                .isEqualTo(200);
    }

    /** The README's picture, made anew by {@code -Dfairlead.picture=true}: plots need two minutes to fill. */
    @Test
    @EnabledIfSystemProperty(named = "fairlead.picture", matches = "true")
    void pictureOfTheReadme() {
        dashboard.started("queue", RUNS);
        dashboard.started("worker", RUNS);
        PageSocket.done(dashboard.docker.containers().awaitExit(dashboard.started("backup", "exit 3")));
        PageSocket.done(dashboard.docker.containers().awaitExit(dashboard.started("migrate", "true")));
        dashboard.started(
                "shop",
                "n=0; x=; while :; do n=$((n+1)); i=0; while [ $i -lt $(((n/4%20-10)*(n/4%20-10)*150)) ]; do i=$((i+1)); done;"
                        + " x=$x$(head -c 9000 /dev/zero | tr '\\0' x); [ $((n%90)) != 0 ] || x=;"
                        + " [ $((n%7)) != 0 ] || printf '\\033[33mWARN\\033[0m  basket %d has expired\\n' $n;"
                        + " [ $((n%19)) != 0 ] || printf '\\033[1;31mERROR\\033[0m payment of order %d was refused\\n' $n >&2;"
                        + " printf '\\033[32mINFO\\033[0m  \\033[36mGET\\033[0m /orders/%d 200 in %d ms\\n' $n $((n*7%23+2));"
                        + " usleep 250000; done");
        Page page = browser.open(dashboard.origin);
        Browser.button(page, "shop").click();
        page.waitForFunction(
                "() => /orders.4[4-9][0-9]/.test(document.getElementById('tail').textContent)",
                null,
                new Page.WaitForFunctionOptions().setTimeout(240_000));
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("..", "docs", "dashboard.png")));
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }
}
