package dev.fairlead.model;

import org.jspecify.annotations.Nullable;

/**
 * One message of an Engine that moves an image or a plugin, as it came; which of them a message is depends on the operation. All but
 * {@link #progressDetail()}, {@link #errorDetail()} and the {@code aux} of a build or a push is for people, and is worded otherwise by
 * the next version.
 */
public sealed interface TransferMessage permits BuildInfo, CreateImageInfo, PushImageInfo {

    /** What it is about, mostly a layer; empty when it is about all. */
    String id();

    /** What is going on, for people; empty in the messages of a build's own output. */
    String status();

    /** How far the layer has come; null where the message is about no layer. */
    @Nullable
    ProgressDetail progressDetail();

    /** Why it failed; null unless it did. */
    @Nullable
    ErrorDetail errorDetail();

    /** Why it failed, as the sentence alone; empty unless it did, and later Engines may leave it to {@link #errorDetail()}. */
    String error();

    /** What there is for people to read: a build's output with its line breaks, else the status; may be empty. */
    default String text() {
        return this instanceof BuildInfo build && !build.stream().isEmpty() ? build.stream() : status();
    }
}
