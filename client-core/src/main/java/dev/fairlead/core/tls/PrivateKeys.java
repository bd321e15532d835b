package dev.fairlead.core.tls;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads private keys: PKCS#8, and the older PKCS#1 (RSA) and SEC 1 (elliptic curves), which the JDK knows only inside it. */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** rsaEncryption, 1.2.840.113549.1.1.1, without parameters. */
    private static final byte[] RSA = {
        SEQUENCE, 13, OBJECT_IDENTIFIER, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
    };
    /** id-ecPublicKey, 1.2.840.10045.2.1; the curve follows it. */
    private static final byte[] ELLIPTIC = {OBJECT_IDENTIFIER, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};

    private PrivateKeys() {}

    /** The first key in the text. */
    static PrivateKey read(Pem pem) {
        byte @Nullable [] curve = null;
        for (Pem.Block block : pem.blocks()) {
            if (block.encrypted()) {
                throw pem.wrong(
                        "the key is encrypted, and there is nobody to ask for its password: decrypt it first, as by openssl pkey");
            }
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return decode(pem, block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return decode(pem, sequence(VERSION_0, RSA, element(OCTETS, block.der())));
                }
                case "EC PARAMETERS" -> curve = block.der();
                case "EC PRIVATE KEY" -> {
                    byte[] named = curve(pem, block.der(), curve);
                    return decode(pem, sequence(VERSION_0, sequence(ELLIPTIC, named), element(OCTETS, block.der())));
                }
                case "OPENSSH PRIVATE KEY" -> throw pem.wrong("it is a key of ssh, and none of TLS");
                default -> {
                    // A certificate may stand in the same file.
                }
            }
        }
        throw pem.wrong("there is no private key in it");
    }

    /** Whether the two are one pair. */
    static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> null;
                };
        if (algorithm == null) {
            return true;
        }
        byte[] sample = {1, 2, 3, 4};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(sample);
            return signature.verify(signed);
        } catch (NoSuchAlgorithmException | InvalidKeyException | SignatureException otherKind) {
            return false;
        }
    }

    private static PrivateKey decode(Pem pem, byte[] pkcs8) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (NoSuchAlgorithmException | InvalidKeySpecException otherAlgorithm) {
                // The next one.
            }
        }
        throw pem.wrong("the private key is damaged, or of a kind that this JDK does not know");
    }

    /** The name of the curve of a SEC 1 key: in the key itself, or in a block before it. */
    private static byte[] curve(Pem pem, byte[] key, byte @Nullable [] before) {
        try {
            // SEQUENCE { INTEGER 1, OCTETS key, [0] curve, … }
            int at = content(key, 0);
            at = end(key, at);
            at = end(key, at);
            if (at < key.length && (key[at] & 0xFF) == PARAMETERS) {
                int start = content(key, at);
                int end = end(key, start);
                byte[] named = new byte[end - start];
                System.arraycopy(key, start, named, 0, named.length);
                return checked(pem, named);
            }
        } catch (ArrayIndexOutOfBoundsException | NegativeArraySizeException cut) {
            throw pem.wrong("the private key is damaged");
        }
        if (before == null) {
            throw pem.wrong("the private key does not say of which curve it is");
        }
        return checked(pem, before);
    }

    private static byte[] checked(Pem pem, byte[] curve) {
        if (curve.length == 0 || curve[0] != OBJECT_IDENTIFIER) {
            throw pem.wrong("the curve of the private key has no name, and the JDK knows only curves that have");
        }
        return curve;
    }

    /** Where the content of the element begins. */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    /** Where the next element begins. */
    private static int end(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < first - 0x80; i++) {
                length = (length << 8) | (der[at + 2 + i] & 0xFF);
            }
        }
        return content(der, at) + length;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return element(SEQUENCE, all.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 0x80) {
            element.write(content.length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            element.write(0x80 + octets);
            for (int i = octets - 1; i >= 0; i--) {
                element.write(content.length >> (8 * i));
            }
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
