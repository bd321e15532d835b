package dev.fairlead.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A CA of a test's own in a folder, and what it signed: {@code ca.pem}; {@code server-cert.pem} and {@code server-key.pem} for localhost
 * and 127.0.0.1; {@code cert.pem} and {@code key.pem} for the client. Made by {@code openssl}.
 */
public final class Certificates {

    private static final char[] PASSWORD = "test".toCharArray();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes all of it. */
    public static Certificates in(Path folder) {
        return in(folder, "subjectAltName=DNS:localhost,IP:127.0.0.1");
    }

    /** As {@link #in(Path)}, with an Engine's certificate for these names. */
    public static Certificates in(Path folder, String names) {
        Certificates made = new Certificates(folder);
        try {
            Files.createDirectories(folder);
            made.openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca-" + folder.getFileName()
                    + " -keyout ca-key.pem -out ca.pem");
            made.sign("server-key.pem", "server-cert.pem", names);
            made.sign("key.pem", "cert.pem", "subjectAltName=DNS:client");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return made;
    }

    public Path folder() {
        return folder;
    }

    /** The Engine's side of TLS, for a fake one, that asks for a certificate of this CA. */
    public SSLContext server() {
        try {
            openssl("pkcs12 -export -inkey server-key.pem -in server-cert.pem -out server.p12 -passout pass:test");
            KeyStore own = KeyStore.getInstance(folder.resolve("server.p12").toFile(), PASSWORD);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            try (InputStream ca = Files.newInputStream(folder.resolve("ca.pem"))) {
                trusted.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException broken) {
            throw new AssertionError("the certificates that were just made can't be read", broken);
        }
    }

    /** Replaces the Engine's certificate or the client's by one that is valid for that time. */
    public void reissue(String key, String certificate, String names, Instant from, Instant until) {
        try {
            Files.writeString(folder.resolve("extensions"), names + "\nextendedKeyUsage=serverAuth,clientAuth\n");
            Files.writeString(folder.resolve("ca.conf"), """
                    [ca]
                    default_ca = own
                    [own]
                    database = index.txt
                    new_certs_dir = .
                    rand_serial = yes
                    unique_subject = no
                    default_md = sha256
                    policy = any
                    [any]
                    commonName = supplied
                    """);
            Files.writeString(folder.resolve("index.txt"), "");
            openssl("req -new -key " + key + " -subj /CN=" + key + " -out request.pem");
            openssl("ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca-key.pem -in request.pem -out "
                    + certificate + " -extfile extensions -startdate " + TIME.format(from) + " -enddate "
                    + TIME.format(until));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private void sign(String key, String certificate, String names) throws IOException {
        Path extensions = folder.resolve("extensions");
        Files.writeString(extensions, names + "\nextendedKeyUsage=serverAuth,clientAuth\n");
        openssl("req -newkey rsa:2048 -nodes -subj /CN=" + key + " -keyout " + key + " -out request.pem");
        openssl("x509 -req -days 2 -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out " + certificate
                + " -extfile extensions");
    }

    private void openssl(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Path said = folder.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroy();
                throw new AssertionError(String.join(" ", command) + " failed:\n" + Files.readString(said));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + command, stopped);
        }
    }
}
