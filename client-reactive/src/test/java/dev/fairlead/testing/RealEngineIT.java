package dev.fairlead.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnRealEngine
@Timeout(30)
class RealEngineIT {

    @Test
    void isOfTheVersionAskedFor(RealEngine engine) throws Exception {
        try (RawClient client = RawClient.connect(engine.host())) {
            client.send("GET /version HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\"Version\":\"" + engine.version() + ".");
        }
    }
}
