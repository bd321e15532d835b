package dev.fairlead.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.core.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys as openssl makes them: each form of a key, and what is said of one that can't be used. */
class TlsTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws Exception {
        // Each kind of key with a certificate of its own, and the older forms of the two that have one.
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=rsa -keyout rsa-pkcs8.pem -out rsa.pem");
        openssl("rsa -in rsa-pkcs8.pem -traditional -out rsa-pkcs1.pem");
        openssl("rsa -in rsa-pkcs8.pem -traditional -aes128 -passout pass:s3cret -out rsa-pkcs1-encrypted.pem");
        openssl("pkcs8 -topk8 -in rsa-pkcs8.pem -passout pass:s3cret -out rsa-pkcs8-encrypted.pem");
        for (String curve : new String[] {"prime256v1", "secp384r1", "secp521r1"}) {
            openssl("ecparam -name " + curve + " -genkey -out " + curve + "-sec1.pem");
            openssl("pkcs8 -topk8 -nocrypt -in " + curve + "-sec1.pem -out " + curve + "-pkcs8.pem");
            openssl("req -x509 -days 2 -subj /CN=" + curve + " -key " + curve + "-sec1.pem -out " + curve + ".pem");
        }
        openssl("ecparam -name prime256v1 -genkey -param_enc explicit -out explicit-sec1.pem");
        openssl(
                "req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=ed25519 -keyout ed25519-pkcs8.pem -out ed25519.pem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa-pkcs8",
                "rsa-pkcs1",
                "prime256v1-sec1",
                "prime256v1-pkcs8",
                "secp384r1-sec1",
                "secp384r1-pkcs8",
                "secp521r1-sec1",
                "ed25519-pkcs8"
            })
    void readsEachFormOfAKey(String key) throws IOException {
        String certificate = key.substring(0, key.indexOf('-')) + ".pem";
        String other = certificate.equals("rsa.pem") ? "prime256v1.pem" : "rsa.pem";

        TlsContext context = pair(certificate, key + ".pem").load();

        assertThat(context.hasCertificate()).isTrue();
        // That it was read right shows in its fitting this certificate and no other.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair(other, key + ".pem").load())
                .withMessageContaining(key + ".pem: the key is not that of the certificate")
                .withMessageContaining(other);
        Tls given = Tls.of(tls -> tls.certificate(read(certificate), read(key + ".pem")));
        assertThat(given.load().hasCertificate()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pkcs1-encrypted.pem", "rsa-pkcs8-encrypted.pem"})
    void anEncryptedKeyIsRefusedWithAWayOut(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair("rsa.pem", key).load())
                .withMessageContaining(key + ": the key is encrypted")
                .withMessageContaining("openssl pkey")
                .withNoCause();
    }

    @Test
    void aKeyOnACurveWithoutANameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair("rsa.pem", "explicit-sec1.pem").load())
                .withMessageContaining("the curve of the private key has no name");
    }

    @Test
    void theCurveMayStandInABlockBeforeTheKey() {
        String sec1 = read("prime256v1-sec1.pem");
        assertThat(sec1).contains("BEGIN EC PARAMETERS");

        assertThat(pairOf(read("prime256v1.pem"), sec1).load().hasCertificate()).isTrue();
    }

    @Test
    void nothingOfAKeyIsShown() {
        String key = read("rsa-pkcs8.pem");
        String secret = key.lines().skip(5).findFirst().orElseThrow();
        String damaged = key.replace(secret, "!" + secret.substring(1));
        String cut = key.replace(secret + "\n", "");
        for (String text : new String[] {damaged, cut, key.replace("-----END", "-----ENDE"), "-----BEGIN " + secret}) {
            Tls tls = pairOf(read("rsa.pem"), text);
            assertThat(tls.toString()).contains("the given key").doesNotContain(secret.substring(1, 10));
            assertThatIllegalArgumentException()
                    .isThrownBy(tls::load)
                    .withMessageStartingWith("the given key: ")
                    .withMessageNotContaining(secret.substring(1, 10))
                    .withNoCause();
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithItsName() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        refused(Tls.of(tls -> tls.ca(folder.resolve("none.pem"))), "none.pem: there is no such file");
        refused(Tls.of(tls -> tls.ca(folder)), "can't be read");
        refused(Tls.of(tls -> tls.ca(empty)), "empty.pem: it is not in PEM");
        refused(Tls.of(tls -> tls.ca(folder.resolve("rsa-pkcs8.pem"))), "there is no certificate in it");
        refused(pair("rsa.pem", "rsa.pem"), "rsa.pem: there is no private key in it");
        refused(
                Tls.of(tls -> tls.ca("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")),
                "the given ca: a certificate in it is damaged");
        refused(
                pairOf(read("rsa.pem"), "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"),
                "it is a key of ssh");
    }

    @Test
    void aFolderIsReadAsDockersOwn(@TempDir Path certificates) throws IOException {
        Tls tls = Tls.of(settings -> settings.folder(certificates));
        refused(tls, "ca.pem: there is no such file");
        Files.copy(folder.resolve("rsa.pem"), certificates.resolve("ca.pem"));
        assertThat(tls.load().hasCertificate()).isFalse();
        Files.copy(folder.resolve("rsa.pem"), certificates.resolve("cert.pem"));
        refused(tls, "key.pem: there is no such file");
        Files.copy(folder.resolve("rsa-pkcs8.pem"), certificates.resolve("key.pem"));
        assertThat(tls.load().hasCertificate()).isTrue();
        Files.delete(certificates.resolve("ca.pem"));
        assertThat(Tls.of(settings -> settings.folder(certificates).skipVerify())
                        .load()
                        .hasCertificate())
                .isTrue();
        refused(Tls.of(settings -> settings.folder(certificates.resolve("none"))), "there is no such folder");
    }

    @Test
    void verifiesNamesUnlessToldOtherwise() {
        SSLEngine verifying = Tls.of(tls -> {}).load().newEngine("engine", 2376);
        SSLEngine careless = Tls.of(Tls.Builder::skipVerify).load().newEngine("engine", 2376);

        assertThat(verifying.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        assertThat(careless.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isNull();
        assertThat(verifying.getUseClientMode()).isTrue();
        assertThat(verifying.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    @Test
    void speaksTheProtocolsThatAreNamed() {
        assertThat(Tls.of(tls -> tls.protocols("TLSv1.2"))
                        .load()
                        .newEngine("engine", 2376)
                        .getEnabledProtocols())
                .containsExactly("TLSv1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.builder().protocols("SSLv3"))
                .withMessageContaining("protocols");
        assertThatIllegalArgumentException().isThrownBy(() -> Tls.builder().protocols());
    }

    @Test
    void aContextStandsAlone() throws Exception {
        SSLContext context = SSLContext.getDefault();
        assertThat(Tls.of(tls -> tls.context(context).protocols("TLSv1.3"))
                        .load()
                        .newEngine("engine", 1)
                        .getSSLParameters()
                        .getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.of(tls -> tls.context(context).skipVerify()))
                .withMessageContaining("context");
    }

    @Test
    void theEnvironmentAsksForTlsInThreeWays() {
        assertThat(Tls.ofEnvironment(environment(Map.of()))).isNull();
        assertThat(Tls.ofEnvironment(environment(Map.of("DOCKER_TLS_VERIFY", ""))))
                .isNull();
        assertThat(Tls.ofEnvironment(environment(Map.of("DOCKER_TLS_VERIFY", "0"))))
                .asString()
                .contains("ca=/home/me/.docker/ca.pem", "verified=true");
        assertThat(Tls.ofEnvironment(environment(Map.of("DOCKER_CERT_PATH", "/certs"))))
                .asString()
                .contains("key=/certs/key.pem", "verified=false");
        assertThat(Tls.ofEnvironment(environment(Map.of("DOCKER_CERT_PATH", "/certs", "DOCKER_TLS_VERIFY", "1"))))
                .asString()
                .contains("ca=/certs/ca.pem", "verified=true");
        assertThat(Tls.ofEnvironment(environment(Map.of("DOCKER_TLS", "1", "DOCKER_CONFIG", "/config"))))
                .asString()
                .contains("ca=/config/ca.pem", "verified=false");
    }

    @Test
    void whatIsMissingIsSaidWithItsVariable() {
        Tls explicit = Objects.requireNonNull(Tls.ofEnvironment(environment(Map.of("DOCKER_CERT_PATH", "/none"))));
        Tls usual = Objects.requireNonNull(Tls.ofEnvironment(environment(Map.of("DOCKER_TLS_VERIFY", "1"))));
        Tls unverified = Objects.requireNonNull(Tls.ofEnvironment(environment(Map.of("DOCKER_TLS", "1"))));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> explicit.load())
                .withMessage("DOCKER_CERT_PATH: /none: there is no such folder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usual.load())
                .withMessage("DOCKER_TLS_VERIFY: /home/me/.docker/ca.pem: there is no such file");
        assertThat(unverified.load().hasCertificate()).isFalse();
    }

    private static void refused(Tls tls, String sentence) {
        assertThatIllegalArgumentException().isThrownBy(tls::load).withMessageContaining(sentence);
    }

    private static Tls pair(String certificate, String key) {
        return Tls.of(tls -> tls.certificate(folder.resolve(certificate), folder.resolve(key)));
    }

    private static Tls pairOf(String certificate, String key) {
        return Tls.of(tls -> tls.certificate(certificate, key));
    }

    private static String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static Environment environment(Map<String, String> variables) {
        return new Environment(variables, Path.of("/home/me"), path -> false);
    }

    private static void openssl(String arguments) throws Exception {
        Path said = folder.resolve("openssl.log");
        Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", arguments, Files.readString(said))
                .isZero();
    }
}
