package dev.fairlead.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The size of a terminal, in characters. In JSON an array of height and width, as the Engine has it.
 *
 * @param height rows, at least 1; 0 only where an Engine said so
 * @param width columns, at least 1; 0 only where an Engine said so
 */
public record TerminalSize(int height, int width) {
    /**
     * Refuses negative sizes.
     *
     * @param height rows
     * @param width columns
     */
    public TerminalSize {
        if (height < 0 || width < 0) {
            throw new IllegalArgumentException("a terminal has no size of " + height + " x " + width);
        }
    }

    /**
     * A size to ask for.
     *
     * @param height rows, at least 1
     * @param width columns, at least 1
     * @return the size
     * @throws IllegalArgumentException naming the argument that is less than 1
     */
    public static TerminalSize of(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    height < 1 ? "height is less than 1: " + height : "width is less than 1: " + width);
        }
        return new TerminalSize(height, width);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TerminalSize fromJson(List<Integer> heightAndWidth) {
        if (heightAndWidth.size() != 2) {
            throw new IllegalArgumentException("a terminal size is [height, width], not " + heightAndWidth);
        }
        return new TerminalSize(heightAndWidth.get(0), heightAndWidth.get(1));
    }

    static @Nullable TerminalSize read(JsonTokens json) {
        if (!json.array()) {
            return null;
        }
        FrozenList.Maker<Integer> sizes = new FrozenList.Maker<>();
        while (json.nextElement()) {
            sizes.add(json.int32());
        }
        return fromJson(sizes.made());
    }

    @JsonValue
    List<Integer> toJson() {
        return List.of(height, width);
    }
}
