package dev.fairlead.core.transfer;

import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.ImageRef;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.PushResult;
import dev.fairlead.model.TransferMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a transfer's messages tell of its result, apart from any wording: what stands in fields of its own, and in texts nothing but
 * names and digests, which prove nothing until the Engine has been asked for them.
 *
 * <p>Keeps as much as the result has parts: a digest for each tag, a name for each image of a tar.
 */
public final class TransferFacts {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern BLANK = Pattern.compile("\\s+");

    private final boolean naming;
    private boolean empty = true;
    private final List<PushResult> pushed = new ArrayList<>();
    private boolean substituted;
    private String imageId = "";
    private String idAlone = "";
    private final Set<String> headlines = new LinkedHashSet<>();
    private final Set<String> digests = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();

    private TransferFacts(boolean naming) {
        this.naming = naming;
    }

    /**
     * For any transfer but a load.
     *
     * @return nothing known yet
     */
    public static TransferFacts any() {
        return new TransferFacts(false);
    }

    /**
     * For a load, whose texts have the names of what was loaded.
     *
     * @return nothing known yet
     */
    public static TransferFacts ofLoad() {
        return new TransferFacts(true);
    }

    /**
     * Takes notice of a message.
     *
     * @param message what the Engine said
     */
    public void add(TransferMessage message) {
        empty = false;
        if (message instanceof BuildInfo build) {
            addBuild(build);
        } else {
            if (message instanceof PushImageInfo push && push.aux() != null) {
                addPushed(push.aux());
            }
            if (message instanceof CreateImageInfo
                    && message.progressDetail() == null
                    && !message.id().isBlank()) {
                headlines.add(message.id());
            }
            if (message.id().isBlank()) {
                words(message.status()).stream().filter(TransferFacts::isDigest).forEach(digests::add);
            }
        }
    }

    private void addPushed(PushResult result) {
        if (!result.digest().isEmpty()) {
            pushed.add(result);
        } else if (result.unknownFields().get("selectedManifest") instanceof Map<?, ?> manifest
                && manifest.get("digest") instanceof String digest) {
            substituted = true;
            pushed.add(PushResult.builder().digest(digest).build());
        }
    }

    private void addBuild(BuildInfo build) {
        // BuildKit's traces have an aux too, of text.
        if (build.aux() instanceof Map<?, ?> aux && aux.get("ID") instanceof String id && isDigest(id)) {
            imageId = id;
        }
        String text = build.stream();
        if (text.length() <= 80 && isDigest(text.strip())) {
            idAlone = text.strip();
        }
        if (naming) {
            addNames(words(text).stream().filter(TransferFacts::isName).toList());
        }
    }

    /** What is loaded has a name or an id. An id beside a name is that of the image which has lost the name to it. */
    private void addNames(List<String> found) {
        boolean named = !found.stream().allMatch(TransferFacts::isDigest);
        found.stream().filter(name -> !named || !isDigest(name)).forEach(names::add);
    }

    private static List<String> words(String text) {
        return List.of(BLANK.split(text, -1));
    }

    /**
     * Whether a text is the id or the digest of something and nothing else.
     *
     * @param text any text
     * @return whether it is
     */
    public static boolean isDigest(String text) {
        return text.length() == 71 && DIGEST.matcher(text).matches();
    }

    private static boolean isName(String word) {
        if (word.indexOf(':') < 0) {
            return false;
        }
        if (isDigest(word)) {
            return true;
        }
        try {
            ImageRef reference = ImageRef.parse(word);
            return !reference.tag().isEmpty() || !reference.digest().isEmpty();
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }

    /**
     * Whether the Engine has said nothing at all.
     *
     * @return whether there was no message
     */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * What a push says that the registry has got.
     *
     * @return one for each tag, without the tag where only one platform's manifest was pushed in place of a list; empty if the Engine
     *     says it only in words, as the containerd image store does
     */
    public List<PushResult> pushed() {
        return Collections.unmodifiableList(pushed);
    }

    /**
     * Whether for some tag a manifest was pushed in place of the list of manifests that the Engine has.
     *
     * @return whether it was
     */
    public boolean substituted() {
        return substituted;
    }

    /**
     * The id of the image that was built.
     *
     * @return the last that was told; empty if none was
     */
    public String imageId() {
        return imageId;
    }

    /**
     * The text that was an id and nothing else, as a quiet build's is.
     *
     * @return the last one; empty if there was none
     */
    public String idAlone() {
        return idAlone;
    }

    /**
     * What the messages of a pull are headed by: its tags.
     *
     * @return in the order of the messages
     */
    public Set<String> headlines() {
        return Collections.unmodifiableSet(headlines);
    }

    /**
     * Digests that were mentioned.
     *
     * @return in the order of the messages
     */
    public Set<String> digests() {
        return Collections.unmodifiableSet(digests);
    }

    /**
     * What in a load's texts could be the name or the id of an image.
     *
     * @return in the order of the messages
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(names);
    }
}
