package dev.fairlead.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.Environment;
import dev.fairlead.core.host.DockerHost;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {

    private static final String PROXY = "http://proxy:3128";

    private static Environment environment(Map<String, String> variables) {
        return new Environment(variables, Path.of("/home/me"), path -> false);
    }

    private static DockerHost.Tcp host(String text) {
        return (DockerHost.Tcp) DockerHost.parse(text);
    }

    /** What NO_PROXY holds, the host, and whether the proxy is passed by. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, tcp://engine, false",
                "``, tcp://localhost, true",
                "``, tcp://localhost:99, true",
                "``, tcp://LOCALHOST, false", // as Go has it
                "``, tcp://sub.localhost, false",
                "``, tcp://127.0.0.1, true",
                "``, tcp://127.255.0.9, true",
                "``, tcp://[::1]:2375, true",
                "``, tcp://[::ffff:127.0.0.1], true",
                "``, tcp://128.0.0.1, false",
                "*, tcp://engine, true",
                "*, tcp://10.0.0.1, true",
                "`a,*`, https://[2001:db8::1], true",
                "` * `, tcp://engine, true",
                "`*x`, tcp://engine, false",
                "engine, tcp://engine, true",
                "engine, tcp://ENGINE, true",
                "ENGINE, tcp://engine, true",
                "engine, tcp://my.engine, true",
                "engine, tcp://myengine, false",
                "engine, tcp://engine.net, false",
                ".engine, tcp://my.engine, true",
                ".engine, tcp://engine, false",
                "*.engine, tcp://my.engine, true",
                "*.engine, tcp://engine, false",
                "engine:2375, tcp://engine, true",
                "engine:2376, tcp://engine, false",
                "engine:2376, https://engine, true",
                ".engine:99, tcp://a.b.engine:99, true",
                "`a, b , ,engine`, tcp://engine, true",
                "`a,b`, tcp://engine, false",
                "`,`, tcp://engine, false",
                ":2375, tcp://engine, false",
                "10.0.0.1, tcp://10.0.0.1, true",
                "10.0.0.1, tcp://10.0.0.2, false",
                "10.0.0.1:2375, tcp://10.0.0.1, true",
                "10.0.0.1:80, tcp://10.0.0.1, false",
                "10.0.0.0/8, tcp://10.200.3.4, true",
                "10.0.0.0/8, tcp://11.0.0.1, false",
                "10.0.0.0/8, tcp://10, false",
                "172.16.0.0/12, tcp://172.31.255.255, true",
                "172.16.0.0/12, tcp://172.32.0.0, false",
                "0.0.0.0/0, tcp://8.8.8.8, true",
                "0.0.0.0/0, tcp://engine, false",
                "0.0.0.0/33, tcp://8.8.8.8, false",
                "1, tcp://10.0.0.1, false", // the end of a name is no end of an address
                "10.0.0, tcp://10.0.0.1, false",
                "010.0.0.1, tcp://10.0.0.1, false",
                "2001:db8::1, tcp://[2001:db8::1], true",
                "2001:db8::1, tcp://[2001:DB8:0::1], true",
                "[2001:db8::1]:2375, tcp://[2001:db8::1], true",
                "[2001:db8::1]:2376, tcp://[2001:db8::1], false",
                "2001:db8::/32, tcp://[2001:db8:9::1], true",
                "2001:db8::/32, tcp://[2001:db9::1], false",
                "2001:db8::/32, tcp://10.0.0.1, false",
                "fe80::/10, tcp://[fe80::1%25eth0], true",
                "::ffff:10.0.0.1, tcp://10.0.0.1, true",
            })
    void passesByWhatGoPassesBy(String list, String host, boolean direct) {
        Environment environment = environment(Map.of("HTTP_PROXY", PROXY, "HTTPS_PROXY", PROXY, "NO_PROXY", list));
        ProxyAddress proxy = ProxyRules.ofEnvironment(environment).proxyFor(host(host));
        assertThat(proxy).isEqualTo(direct ? null : ProxyAddress.parse(PROXY));
    }

    /** Variables, the host, and where the proxy is then. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "HTTP_PROXY=a, tcp://e, http://a:80",
                "HTTP_PROXY=a, https://e, none",
                "HTTPS_PROXY=a, https://e, http://a:80",
                "HTTPS_PROXY=a, tcp://e, none",
                "http_proxy=a, tcp://e, http://a:80",
                "https_proxy=a, https://e, http://a:80",
                "HTTP_PROXY=a http_proxy=b, tcp://e, http://a:80",
                "HTTP_PROXY= http_proxy=b, tcp://e, http://b:80",
                "HTTP_PROXY=a HTTPS_PROXY=b, https://e, http://b:80",
                "ALL_PROXY=a all_proxy=b, tcp://e, none",
                "HTTP_PROXY=a no_proxy=e, tcp://e, none",
                "HTTP_PROXY=a NO_PROXY=x no_proxy=e, tcp://e, http://a:80",
                "HTTP_PROXY=socks5://u:p@s, tcp://e, socks5://s:1080",
                "https_proxy=http://u:p@[::1]:3128/, https://e, http://[::1]:3128",
                "HTTPS_PROXY=a REQUEST_METHOD=GET, https://e, http://a:80",
                "HTTP_PROXY=a REQUEST_METHOD=GET, tcp://localhost, none",
                "HTTP_PROXY=what://? NO_PROXY=e, tcp://e, none",
            })
    void readsTheVariablesThatGoReads(String variables, String host, String proxy) {
        Map<String, String> all = new HashMap<>();
        for (String each : variables.split(" ", -1)) {
            all.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        ProxyAddress found = ProxyRules.ofEnvironment(environment(all)).proxyFor(host(host));
        assertThat(found == null ? null : found.toString()).isEqualTo(proxy);
    }

    @Test
    void namesTheVariableThatIsWrong() {
        ProxyRules rules = ProxyRules.ofEnvironment(environment(Map.of("https_proxy", "ftp://me:secret@proxy")));
        assertThat(rules.proxyFor(host("tcp://e"))).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules.proxyFor(host("https://e")))
                .withMessageStartingWith("HTTPS_PROXY: \"ftp://***@proxy\" is no address of a proxy")
                .withMessageNotContaining("secret");
    }

    @Test
    void trustsNoHttpProxyInACgiProgram() {
        ProxyRules rules = ProxyRules.ofEnvironment(environment(Map.of("HTTP_PROXY", "a", "REQUEST_METHOD", "GET")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rules.proxyFor(host("tcp://e")))
                .withMessageContaining("CGI");
    }

    @Test
    void whatTheProgramSaysCountsForAllHosts() {
        ProxyAddress proxy = ProxyAddress.parse("socks5://me:secret@proxy");
        assertThat(ProxyRules.always(proxy).proxyFor(host("tcp://127.0.0.1"))).isEqualTo(proxy);
        assertThat(ProxyRules.always(proxy).toString()).isEqualTo("socks5://proxy:1080");
        assertThat(ProxyRules.none().proxyFor(host("tcp://engine"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "proxy, http://proxy:80",
        "proxy:3128, http://proxy:3128",
        "HTTP://proxy/, http://proxy:80",
        "socks5://proxy, socks5://proxy:1080",
        "socks5h://proxy:9, socks5://proxy:9",
        "http://[fe80::1%25eth0]:8080, http://[fe80::1%eth0]:8080",
        "me:pw@proxy:1, http://proxy:1",
    })
    void readsAnAddress(String text, String canonical) {
        assertThat(ProxyAddress.parse(text)).hasToString(canonical);
    }

    @Test
    void decodesWhoOneIs() {
        ProxyAddress proxy = ProxyAddress.parse("http://a%40b:p%3A+ss@proxy");
        assertThat(proxy.user()).isEqualTo("a@b");
        assertThat(proxy.password()).isEqualTo("p:+ss");
        assertThat(proxy.authorization()).isEqualTo("Basic YUBiOnA6K3Nz");
        assertThat(ProxyAddress.parse("http://only@proxy").authorization()).isEqualTo("Basic b25seTo=");
        assertThat(ProxyAddress.parse("http://proxy").authorization()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is empty",
        "https://me:secret@proxy, itself spoken to in TLS",
        "ftp://me:secret@proxy, none of http and socks5",
        "http://me:secret@, names no host",
        "http://me:secret@proxy:0, from 1 to 65535",
        "http://me:secret@proxy:99999, from 1 to 65535",
        "http://me:secret@proxy:x, from 1 to 65535",
        "http://me:secret@proxy/path, a path has no place",
        "http://me:sec%zzret@proxy, encodes nothing",
        "http://me:se cret@proxy, a blank",
        "socks5://me@proxy, of 1 to 255 bytes each",
        "http://m%3Ae:secret@proxy, a colon",
        "http://me:secret@::1, in brackets",
        "http://[::1]x, follows the bracket",
    })
    void refusesWhatIsNone(String text, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyAddress.parse(text))
                .withMessageContaining(sentence)
                .withMessageNotContaining("secret")
                .withMessageNotContaining("cret@");
    }
}
