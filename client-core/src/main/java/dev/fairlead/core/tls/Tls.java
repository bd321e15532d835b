package dev.fairlead.core.tls;

import dev.fairlead.core.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with an Engine: whom this client trusts, and who it is itself. Immutable; files are read by
 * {@link #load()} and not before. Certificates and keys are in PEM.
 *
 * <p>The Engine's certificate is verified, and that it is for the host's name, unless {@link Builder#skipVerify()} says
 * otherwise.
 */
public final class Tls {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final @Nullable String origin;
    private final @Nullable Path folder;
    private final @Nullable Pem ca;
    private final @Nullable Pem certificate;
    private final @Nullable Pem key;
    private final @Nullable SSLContext context;
    private final boolean verified;
    private final List<String> protocols;

    private Tls(Builder builder) {
        this.origin = builder.origin;
        this.folder = builder.folder;
        this.ca = builder.ca;
        this.certificate = builder.certificate;
        this.key = builder.key;
        this.context = builder.context;
        this.verified = builder.verified;
        this.protocols = List.copyOf(builder.protocols);
        if (context != null && (folder != null || ca != null || certificate != null || !verified)) {
            throw new IllegalArgumentException(
                    "tls: context is given, and it says itself whom to trust and who the client is");
        }
    }

    /**
     * Starts from the defaults: whoever the JDK trusts is trusted, and the client has no certificate.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * As {@link #builder()}, in one expression.
     *
     * @param settings sets what is to differ from the defaults
     * @return the settings
     */
    public static Tls of(Consumer<Builder> settings) {
        Builder builder = builder();
        settings.accept(builder);
        return builder.build();
    }

    /**
     * What the environment says of TLS, as Docker's own clients read it. Any of {@code DOCKER_TLS_VERIFY}, {@code DOCKER_CERT_PATH}
     * and {@code DOCKER_TLS} asks for TLS when it is not empty, even by {@code 0}; only {@code DOCKER_TLS_VERIFY} has the Engine
     * verified. The files are in the folder {@code DOCKER_CERT_PATH}, else in {@code DOCKER_CONFIG}, else in {@code ~/.docker}.
     *
     * @param environment the environment
     * @return the settings, or null if it asks for no TLS
     */
    public static @Nullable Tls ofEnvironment(Environment environment) {
        boolean verify = environment.variable("DOCKER_TLS_VERIFY") != null;
        String path = environment.variable("DOCKER_CERT_PATH");
        if (!verify && path == null && environment.variable("DOCKER_TLS") == null) {
            return null;
        }
        Builder builder = builder();
        if (path != null) {
            builder.origin = "DOCKER_CERT_PATH";
            builder.folder(Path.of(path));
        } else {
            builder.origin = verify ? "DOCKER_TLS_VERIFY" : "DOCKER_TLS";
            // That folder may be missing where there is nothing to verify and no certificate to show.
            builder.files(environment.configFolder());
        }
        builder.verified = verify;
        return builder.build();
    }

    /**
     * What a context of {@code docker} says of TLS: of {@code ca.pem}, {@code cert.pem} and {@code key.pem} in its folder, each may be
     * missing; without a {@code ca.pem}, whoever the JDK trusts is trusted.
     *
     * @param origin what messages begin with, to say which context it is
     * @param folder the folder, which may be missing
     * @param verify whether the Engine is verified
     * @return the settings, or null if there is no such folder, and so no TLS, unless that is not to be verified
     */
    public static @Nullable Tls ofContext(String origin, Path folder, boolean verify) {
        if (verify && isAbsent(folder)) {
            return null;
        }
        Builder builder = builder();
        builder.origin = origin;
        builder.files(folder);
        builder.verified = verify;
        if (isAbsent(folder.resolve("ca.pem"))) {
            builder.ca = null;
        }
        return builder.build();
    }

    /**
     * Whether it is known not to be there: what this user may not look at, or what would be below a file, is no reason to speak in clear
     * or to trust others. What the JDK says of the latter depends on its version, so it is the first that is there above which counts.
     */
    private static boolean isAbsent(Path file) {
        for (Path at = file; at != null; at = at.getParent()) {
            try {
                return Files.readAttributes(at, BasicFileAttributes.class).isDirectory() && !at.equals(file);
            } catch (NoSuchFileException none) {
                // Nor is what would be below it.
            } catch (IOException unknown) {
                return false;
            }
        }
        return true;
    }

    /**
     * Which files, or what else, say whom to trust and who the client is. Looks whether the files are there.
     *
     * @return names for people, and nothing of what the files say
     */
    public String material() {
        if (context != null) {
            return "the given SSLContext";
        }
        List<String> parts = new ArrayList<>();
        if (verified) {
            parts.add("ca=" + (ca == null ? "the JDK's authorities" : ca));
        }
        if (hasCertificate()) {
            parts.add("certificate=" + certificate);
            parts.add("key=" + key);
        }
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    /**
     * Whether the Engine's certificate and its name are verified.
     *
     * @return false after {@link Builder#skipVerify()}
     */
    public boolean isVerified() {
        return verified;
    }

    /**
     * Reads the files and makes of them what connections need. Blocks for as long as reading takes.
     *
     * @return what connections need, as the files are now
     * @throws IllegalArgumentException naming the file or the setting that is missing, unreadable, damaged, encrypted or of another
     *     pair; it shows nothing of a key
     */
    public TlsContext load() {
        try {
            return new TlsContext(loaded(), protocols, verified, ca != null, hasCertificate());
        } catch (IllegalArgumentException wrong) {
            if (origin == null) {
                throw wrong;
            }
            throw new IllegalArgumentException(origin + ": " + wrong.getMessage(), wrong);
        }
    }

    private SSLContext loaded() {
        SSLContext given = context;
        if (given != null) {
            return given;
        }
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + ": there is no such folder");
        }
        return Material.context(
                verified ? ca : null, hasCertificate() ? certificate : null, hasCertificate() ? key : null, verified);
    }

    /** In a folder, certificate and key may both be missing. */
    private boolean hasCertificate() {
        Pem shown = certificate;
        Pem own = key;
        return shown != null && own != null && (shown.isThere() || own.isThere());
    }

    /** Names files and settings, and none of what they say. */
    @Override
    public String toString() {
        return "Tls[ca=" + ca + ", certificate=" + certificate + ", key=" + key + ", verified=" + verified
                + ", protocols=" + protocols + (context == null ? "" : ", context given") + "]";
    }

    /** Collects what {@link Tls} says. */
    public static final class Builder {
        private @Nullable String origin;
        private @Nullable Path folder;
        private @Nullable Pem ca;
        private @Nullable Pem certificate;
        private @Nullable Pem key;
        private @Nullable SSLContext context;
        private boolean verified = true;
        private List<String> protocols = List.of("TLSv1.3", "TLSv1.2");

        private Builder() {}

        /**
         * A folder as {@code DOCKER_CERT_PATH} names it: {@code ca.pem} says whom to trust and has to be there unless nothing is
         * verified; {@code cert.pem} and {@code key.pem} say who the client is and may be missing together.
         *
         * @param folder the folder
         * @return this
         */
        public Builder folder(Path folder) {
            files(folder);
            this.folder = folder;
            return this;
        }

        private void files(Path from) {
            ca = Pem.file(from.resolve("ca.pem"));
            certificate = Pem.file(from.resolve("cert.pem"));
            key = Pem.file(from.resolve("key.pem"));
        }

        /**
         * Whom to trust, and nobody else.
         *
         * @param file a file of one or more certificates
         * @return this
         */
        public Builder ca(Path file) {
            this.ca = Pem.file(file);
            return this;
        }

        /**
         * Whom to trust, and nobody else.
         *
         * @param pem one or more certificates, as text
         * @return this
         */
        public Builder ca(String pem) {
            return ca(pem.getBytes(StandardCharsets.ISO_8859_1));
        }

        /**
         * Whom to trust, and nobody else.
         *
         * @param pem one or more certificates, as the bytes of their text
         * @return this
         */
        public Builder ca(byte[] pem) {
            this.ca = Pem.given("the given ca", pem);
            return this;
        }

        /**
         * Who this client is.
         *
         * @param certificate a file with the client's certificate, and after it those between it and the Engine's CA
         * @param key a file with its private key, in PKCS#8, PKCS#1 or SEC 1, not encrypted
         * @return this
         */
        public Builder certificate(Path certificate, Path key) {
            this.certificate = Pem.file(certificate);
            this.key = Pem.file(key);
            return this;
        }

        /**
         * Who this client is.
         *
         * @param certificate the client's certificate, and after it those between it and the Engine's CA, as text
         * @param key its private key, in PKCS#8, PKCS#1 or SEC 1, not encrypted, as text
         * @return this
         */
        public Builder certificate(String certificate, String key) {
            return certificate(
                    certificate.getBytes(StandardCharsets.ISO_8859_1), key.getBytes(StandardCharsets.ISO_8859_1));
        }

        /**
         * Who this client is.
         *
         * @param certificate the client's certificate, and after it those between it and the Engine's CA, as the bytes of their text
         * @param key its private key, in PKCS#8, PKCS#1 or SEC 1, not encrypted, as the bytes of its text
         * @return this
         */
        public Builder certificate(byte[] certificate, byte[] key) {
            this.certificate = Pem.given("the given certificate", certificate);
            this.key = Pem.given("the given key", key);
            return this;
        }

        /**
         * Takes whoever answers for the Engine, whatever its certificate says and whoever signed it: what is sent is then hidden from
         * those who only listen, and from nobody who stands between.
         *
         * @return this
         */
        public Builder skipVerify() {
            this.verified = false;
            return this;
        }

        /**
         * What PEM can't say: keys in a store or a device, other rules of trust. It stands in place of all but {@link #protocols}; that
         * the certificate is for the host's name is still verified.
         *
         * @param context the context, initialised
         * @return this
         */
        public Builder context(SSLContext context) {
            this.context = Objects.requireNonNull(context, "context");
            return this;
        }

        /**
         * The versions of TLS that may be spoken; {@code TLSv1.3} and {@code TLSv1.2} unless said otherwise, and there are no others.
         *
         * @param names one or both
         * @return this
         */
        public Builder protocols(String... names) {
            if (names.length == 0 || !PROTOCOLS.containsAll(List.of(names))) {
                throw new IllegalArgumentException(
                        "protocols are TLSv1.3, TLSv1.2 or both, and not " + String.join(", ", names));
            }
            this.protocols = new ArrayList<>(List.of(names));
            return this;
        }

        /**
         * Builds it; reads no file.
         *
         * @return the settings
         * @throws IllegalArgumentException if a context is given and something that it says itself
         */
        public Tls build() {
            return new Tls(this);
        }
    }
}
