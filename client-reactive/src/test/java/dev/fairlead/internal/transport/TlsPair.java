package dev.fairlead.internal.transport;

import dev.fairlead.core.tls.Tls;
import dev.fairlead.core.tls.TlsContext;
import dev.fairlead.testing.Certificates;
import dev.fairlead.testing.FakeEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Both sides of TLS with certificates of one CA: a fake Engine's, and its client's. */
final class TlsPair {

    /** Made once: that takes a second. The Engine asks for the client's certificate. */
    static final TlsPair SHARED = new TlsPair(Certificates.in(temporary()));

    private final Certificates certificates;
    private final SSLContext server;
    private final TlsContext client;

    TlsPair(Certificates certificates) {
        this.certificates = certificates;
        this.server = certificates.server();
        this.client = client(tls -> {});
    }

    Path folder() {
        return certificates.folder();
    }

    TlsContext client() {
        return client;
    }

    TlsContext client(Consumer<Tls.Builder> more) {
        return Tls.of(tls -> {
                    tls.folder(certificates.folder());
                    more.accept(tls);
                })
                .load();
    }

    FakeEngine start() throws IOException {
        return start(0);
    }

    /** On that port. */
    FakeEngine start(int port) throws IOException {
        return FakeEngine.tls(port, this::engine);
    }

    private SSLEngine engine() {
        SSLEngine engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("tls");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
