package dev.fairlead.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's chromium, without a window. Each page is in a profile of its own, with nothing of the one before. */
final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static final Path CHROMIUM = Path.of(System.getProperty("fairlead.chromium", "/usr/bin/chromium"));

    private static final int LIMIT_MILLIS = (int) PageSocket.LIMIT.toMillis();

    private final List<String> broken = new ArrayList<>();
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    Browser() {
        assertThat(CHROMIUM)
                .as("a browser: apt-get install chromium, or name another one by -Dfairlead.chromium=FILE")
                .isExecutable();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MILLIS);
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        // Root, as which the Engines need these tests to run, has no sandbox.
                        .setArgs(List.of("--no-sandbox")));
    }

    /** A page at an address. */
    Page open(String address) {
        BrowserContext profile = chromium.newContext(
                new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1280, 800));
        profile.setDefaultTimeout(LIMIT_MILLIS);
        Page page = profile.newPage();
        page.onPageError(broken::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                broken.add(message.text());
            }
        });
        page.navigate(address);
        return page;
    }

    /** Ends all pages. Fails when a script of one of them has failed. */
    void closePages() {
        List.copyOf(chromium.contexts()).forEach(BrowserContext::close);
        List<String> failures = List.copyOf(broken);
        broken.clear();
        assertThat(failures).as("errors of the page's scripts").isEmpty();
    }

    /** Keeps what a page looks like, for whoever looks at the test's output. */
    static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A container's row in the list. */
    static Locator row(Page page, String name) {
        return page.locator("#containers > li").filter(new Locator.FilterOptions().setHas(button(page, name)));
    }

    static void openTab(Page page, String name) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name)).click();
    }

    /** Presses a key until the focus is where it should be. */
    static void pressUntilFocused(Page page, String key, Locator wanted) {
        for (int i = 0; i < 50; i++) {
            page.keyboard().press(key);
            if ((boolean) wanted.evaluate("element => element === document.activeElement")) {
                return;
            }
        }
        throw new AssertionError(key + " does not lead to " + wanted);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
