package dev.fairlead.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.DockerClient;
import dev.fairlead.core.error.ConnectionFailed;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** TLS by a bundle of the application's, with an Engine that asks who the client is. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class SslBundleTest {

    private static final String BUNDLE = "spring.ssl.bundle.pem.engine.";

    @TempDir
    private static Path folder;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, FairleadAutoConfiguration.class));

    @BeforeAll
    static void makeCertificate() throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=stub",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        "key.pem",
                        "-out",
                        "cert.pem")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(openssl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).isZero();
    }

    @Test
    void speaksTlsWithTheBundlesKeysAndTrust() throws Exception {
        try (StubEngine engine = StubEngine.mutual(folder.resolve("cert.pem"), folder.resolve("key.pem"))) {
            ApplicationContextRunner bundled = application.withPropertyValues(
                    "fairlead.host=" + engine.host(),
                    "fairlead.tls.ssl-bundle=engine",
                    BUNDLE + "truststore.certificate=file:" + folder.resolve("cert.pem"),
                    BUNDLE + "options.enabled-protocols=TLSv1.3");
            bundled.withPropertyValues(
                            BUNDLE + "keystore.certificate=file:" + folder.resolve("cert.pem"),
                            BUNDLE + "keystore.private-key=file:" + folder.resolve("key.pem"))
                    .run(context -> assertThat(context.getBean(DockerClient.class)
                                    .system()
                                    .version()
                                    .block(StubEngine.LIMIT))
                            .isNotNull());
            bundled.run(context -> assertThatThrownBy(() -> context.getBean(DockerClient.class)
                            .system()
                            .version()
                            .block(StubEngine.LIMIT))
                    .isInstanceOf(ConnectionFailed.class));
        }
    }
}
