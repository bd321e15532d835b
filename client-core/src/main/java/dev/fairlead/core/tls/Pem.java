package dev.fairlead.core.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text in PEM, in a file that is read when it is needed or in memory. What it says gets into no message. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    /** One block: what it says it is, its bytes, and whether they are encrypted. */
    static final class Block {
        private final String label;
        private final byte[] der;
        private final boolean encrypted;

        Block(String label, byte[] der, boolean encrypted) {
            this.label = label;
            this.der = der;
            this.encrypted = encrypted;
        }

        String label() {
            return label;
        }

        byte[] der() {
            return der;
        }

        boolean encrypted() {
            return encrypted;
        }
    }

    private final String name;
    private final @Nullable Path file;
    private final byte[] given;

    private Pem(String name, @Nullable Path file, byte[] given) {
        this.name = name;
        this.file = file;
        this.given = given;
    }

    static Pem file(Path file) {
        return new Pem(file.toString(), file, new byte[0]);
    }

    /** The name is what messages call it. */
    static Pem given(String name, byte[] text) {
        return new Pem(name, null, text.clone());
    }

    /** Whether there is something to read: a file may be missing. */
    boolean isThere() {
        return file == null || Files.exists(file);
    }

    List<Block> blocks() {
        // Each byte a character: a comment between the blocks may be in any encoding.
        String text = new String(file == null ? given : read(file), StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(block(matcher.group(1), matcher.group(2)));
        }
        if (blocks.isEmpty()) {
            throw wrong("it is not in PEM: there is no -----BEGIN in it, or no end to that");
        }
        return blocks;
    }

    private Block block(String label, String body) {
        boolean encrypted = label.equals("ENCRYPTED PRIVATE KEY") || body.startsWith("Proc-Type: 4,ENCRYPTED");
        if (encrypted) {
            return new Block(label, new byte[0], true);
        }
        try {
            return new Block(label, Base64.getMimeDecoder().decode(body), false);
        } catch (IllegalArgumentException notBase64) {
            throw wrong("what follows BEGIN " + label + " is not base64");
        }
    }

    private byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException missing) {
            throw wrong("there is no such file");
        } catch (AccessDeniedException denied) {
            throw wrong("this user may not read it");
        } catch (IOException unreadable) {
            throw wrong("it can't be read: " + unreadable.getMessage());
        }
    }

    /** Names the text, and has no cause: one might quote a key. */
    IllegalArgumentException wrong(String reason) {
        return new IllegalArgumentException(name + ": " + reason);
    }

    @Override
    public String toString() {
        return name;
    }
}
