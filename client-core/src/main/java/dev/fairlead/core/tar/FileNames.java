package dev.fairlead.core.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Names of files as the bytes that they are on disk. Java knows them as text in the encoding of the locale, and where that is plain
 * ASCII, as in many a container, it can open "é" and not say what it is called. A path's URI holds the bytes.
 */
final class FileNames {

    private FileNames() {}

    /** The last name of a path. */
    static byte[] last(Path path) {
        String name = path.getFileName().toString();
        if (isPlain(name) || !hasBytes(path)) {
            return name.getBytes(StandardCharsets.UTF_8);
        }
        byte[] whole = bytes(path);
        int end = endWithoutSlash(whole);
        int start = end;
        while (whole[start - 1] != '/') {
            start--;
        }
        return Arrays.copyOfRange(whole, start, end);
    }

    /** What a symbolic link says, relative or not. */
    static byte[] link(Path target) {
        String text = target.toString();
        if (isPlain(text) || !hasBytes(target)) {
            return text.replace(target.getFileSystem().getSeparator(), "/").getBytes(StandardCharsets.UTF_8);
        }
        byte[] whole = bytes(target);
        // The URI of a directory has a slash at its end, whether the link has one or not.
        int end = text.endsWith("/") ? whole.length : endWithoutSlash(whole);
        int start = target.isAbsolute() ? 0 : bytes(Path.of("")).length;
        return Arrays.copyOfRange(whole, start, end);
    }

    private static int endWithoutSlash(byte[] path) {
        return path.length > 1 && path[path.length - 1] == '/' ? path.length - 1 : path.length;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(letter -> letter < 0x80);
    }

    private static boolean hasBytes(Path path) {
        return path.getFileSystem() == FileSystems.getDefault()
                && path.getFileSystem().getSeparator().equals("/");
    }

    private static byte[] bytes(Path path) {
        String escaped = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int at = 0; at < escaped.length(); at++) {
            char letter = escaped.charAt(at);
            if (letter == '%') {
                bytes.write(Integer.parseInt(escaped, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.write(letter);
            }
        }
        return bytes.toByteArray();
    }
}
