package dev.fairlead.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of an image, in full: what {@code docker} makes of {@code busybox} is {@code docker.io/library/busybox}.
 *
 * @param domain the registry, with its port where it has one
 * @param path the repository within the registry
 * @param tag the tag; empty when none was given
 * @param digest the digest, such as {@code sha256:…}; empty when none was given
 */
public record ImageRef(String domain, String path, String tag, String digest) {

    private static final String DEFAULT_DOMAIN = "docker.io";
    private static final int MAX_NAME = 255;
    private static final int MAX_DIGEST = 255;

    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final Pattern DOMAIN =
            Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern DIGEST =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
    private static final Pattern ID = Pattern.compile("[a-f0-9]{64}");

    /** Checks each part; see {@link #parse} for names as people write them. */
    public ImageRef {
        // First, as matching anything as long as a book would take the thread's stack.
        require(domain.length() + 1 + path.length() <= MAX_NAME, path, "name is longer than 255 characters");
        require(DOMAIN.matcher(domain).matches(), domain, "domain is not the address of a registry");
        require(PATH.matcher(path).matches(), path, "path is not the name of a repository");
        require(tag.isEmpty() || TAG.matcher(tag).matches(), tag, "tag is not one");
        require(
                digest.isEmpty()
                        || (digest.length() <= MAX_DIGEST
                                && DIGEST.matcher(digest).matches()),
                digest,
                "digest is not one");
    }

    private static void require(boolean holds, String value, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem + ": " + value);
        }
    }

    /**
     * Reads a name as people write it: without a registry it is Docker Hub's, there without a user it is an official image's.
     *
     * <p>What stands before the first slash is a registry when it has a dot, a colon or a capital letter or is {@code localhost}.
     *
     * @throws IllegalArgumentException if it is no such name: blank, with capitals in the repository, or an image's id
     */
    public static ImageRef parse(String name) {
        require(!name.isBlank(), "'" + name + "'", "name is blank");
        require(!ID.matcher(name).matches(), name, "name is an image's id and no name");
        int at = name.indexOf('@');
        String digest = at < 0 ? "" : name.substring(at + 1);
        require(at < 0 || !digest.isEmpty(), name, "name has an empty digest");
        String named = at < 0 ? name : name.substring(0, at);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        String tag = tagged ? named.substring(colon + 1) : "";
        require(!tagged || !tag.isEmpty(), name, "name has an empty tag");
        String repository = tagged ? named.substring(0, colon) : named;

        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        if (!isDomain(first)) {
            return new ImageRef(DEFAULT_DOMAIN, official(repository), tag, digest);
        }
        String path = repository.substring(slash + 1);
        if (first.equals(DEFAULT_DOMAIN) || first.equals("index.docker.io")) {
            return new ImageRef(DEFAULT_DOMAIN, official(path), tag, digest);
        }
        return new ImageRef(first, path, tag, digest);
    }

    /** Whether a text could be a tag. */
    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    private static boolean isDomain(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    private static String official(String path) {
        return path.indexOf('/') < 0 ? "library/" + path : path;
    }

    /** Registry and repository, without tag and digest. */
    public String repository() {
        return domain + "/" + path;
    }

    /** What says which image of the repository is meant: the digest, else the tag, else {@code latest}. */
    public String tagOrDigestOrLatest() {
        if (!digest.isEmpty()) {
            return digest;
        }
        return tag.isEmpty() ? "latest" : tag;
    }

    /** The shortest name that means the same: {@code busybox:1.36}. */
    public String familiar() {
        String name = repository();
        if (domain.equals(DEFAULT_DOMAIN)) {
            name = path.startsWith("library/") && path.indexOf('/', 8) < 0 ? path.substring(8) : path;
        }
        return name + suffix();
    }

    private String suffix() {
        return (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest);
    }

    /** The name in full. */
    @Override
    public String toString() {
        return repository() + suffix();
    }
}
