package dev.fairlead.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's context of certificates and keys in PEM. */
final class Material {
    private Material() {}

    /** Without a CA, the JDK's own are trusted. */
    static SSLContext context(@Nullable Pem ca, @Nullable Pem certificate, @Nullable Pem key, boolean verified) {
        TrustManager @Nullable [] trust = verified ? trust(ca) : new TrustManager[] {new TrustAnyone()};
        KeyManager[] keys =
                certificate == null || key == null ? new KeyManager[0] : new KeyManager[] {pair(certificate, key)};
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException("this JDK has no TLS", noTls);
        }
    }

    private static TrustManager @Nullable [] trust(@Nullable Pem ca) {
        if (ca == null) {
            return null;
        }
        List<X509Certificate> anchors = certificates(ca);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate anchor : anchors) {
                store.setCertificateEntry("ca" + store.size(), anchor);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException noStore) {
            throw new IllegalStateException("this JDK can't keep certificates in memory", noStore);
        }
    }

    private static ClientKey pair(Pem certificate, Pem key) {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey own = PrivateKeys.read(key);
        if (!PrivateKeys.belong(own, chain.get(0).getPublicKey())) {
            throw key.wrong("the key is not that of the certificate, " + certificate);
        }
        return new ClientKey(own, chain);
    }

    private static List<X509Certificate> certificates(Pem pem) {
        List<X509Certificate> found = new ArrayList<>();
        for (Pem.Block block : pem.blocks()) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                found.add(certificate(pem, block.der()));
            }
        }
        if (found.isEmpty()) {
            throw pem.wrong("there is no certificate in it");
        }
        return found;
    }

    private static X509Certificate certificate(Pem pem, byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException damaged) {
            throw pem.wrong("a certificate in it is damaged: " + damaged.getMessage());
        }
    }
}
