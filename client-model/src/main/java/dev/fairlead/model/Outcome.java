package dev.fairlead.model;

/** Whether the Engine had anything to do: "it is so already" is an answer and not an error. */
public enum Outcome {
    /** The Engine changed something. */
    CHANGED,
    /** It was so already: the container ran, or had stopped. */
    UNCHANGED
}
