package dev.fairlead.samples.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.model.MountType;
import dev.fairlead.model.Port;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclarationTest {

    @Test
    void readsAllThatCanBeDeclared() {
        Declaration shop = Declaration.parse("""
                project: shop
                engines: { one: "unix:///one.sock", two: "tcp://two:2375" }
                containers:
                  - name: web
                    image: nginx
                    command: [nginx, -g, "daemon off;"]
                    env: { MODE: test }
                    replicas: 3
                    labels: { tier: front }
                    ports: ["8080:80", "127.0.0.1:53:53/udp"]
                    mounts: ["data:/data", "/srv:/srv:ro"]
                    network: front
                    restart: { first: 1s, longest: 1m, healthyAfter: 5m }
                  - name: db
                    image: postgres
                    engines: [two]
                """);
        ContainerSpec web = shop.containers().get(0);
        assertThat(web.environment()).containsExactly("MODE=test");
        assertThat(web.publishedPorts().get(0).target()).isEqualTo(Port.tcp(80));
        assertThat(web.publishedPorts().get(1).address()).isEqualTo("127.0.0.1");
        assertThat(web.publishedPorts().get(1).target()).isEqualTo(Port.udp(53));
        assertThat(web.toMounts().get(0).type()).isEqualTo(MountType.VOLUME);
        assertThat(web.toMounts().get(1).readOnly()).isTrue();
        assertThat(web.restart().healthyAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(shop.replicasOn("one")).extracting(Replica::name).containsExactly("shop-web-1", "shop-web-3");
        assertThat(shop.replicasOn("two")).extracting(Replica::name).containsExactly("shop-web-2", "shop-db-1");
    }

    @Test
    void theExampleIsRight() {
        assertThat(Declaration.read(Path.of("shop.yaml")).containers()).hasSize(2);
    }

    @Test
    void whatAContainerIsMadeFromChangesItsFingerprint() {
        assertThat(print("image: a")).isEqualTo(print("image: a, replicas: 7")).isNotEqualTo(print("image: b"));
        assertThat(print("image: a, env: { x: 1, y: 2 }")).isEqualTo(print("image: a, env: { y: 2, x: 1 }"));
        assertThat(print("image: a, command: ['b, c']")).isNotEqualTo(print("image: a, command: [b, c]"));
        assertThat("Aa").hasSameHashCodeAs("BB");
        assertThat(print("image: Aa")).isNotEqualTo(print("image: BB"));
    }

    private static String print(String fields) {
        return Declaration.parse("containers: [ { name: x, " + fields + " } ]")
                .containers()
                .get(0)
                .fingerprint();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "containers: [ { name: x } ] | a name and an image",
                "containers: [ { name: x, image: a, comand: [b] } ] | comand",
                "containers: [ { name: x, image: a }, { name: x, image: b } ] | two are named x",
                "containers: [ { name: x/y, image: a } ] | x/y",
                "containers: [ { name: x, image: a, ports: ['80'] } ] | ports: not",
                "containers: [ { name: x, image: a, mounts: ['a:b'] } ] | mounts: not",
                "containers: [ { name: x, image: a, replicas: -1 } ] | replicas is negative",
                "containers: [ { name: x, image: a, engines: [moon] } ] | there is no moon",
                "containers: [ { name: x, image: a, restart: { first: soon } } ] | soon",
                "containers: [ { name: x, image: a, restart: { first: 1m, longest: 1s } } ] | longest",
                "project: '-' | project",
                "'[' | ["
            })
    void saysWhatIsWrong(String yaml, String told) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Declaration.parse(yaml))
                .withMessageContaining(told);
    }
}
