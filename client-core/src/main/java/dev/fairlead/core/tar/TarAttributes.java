package dev.fairlead.core.tar;

import java.time.Instant;

/**
 * What a tar says of an entry besides its name and content.
 *
 * @param mode permissions with the setuid, setgid and sticky bits: {@code 0} to {@code 07777}
 * @param uid number of its owner
 * @param gid number of its group
 * @param modified when it was last changed, of which whole seconds are kept
 */
public record TarAttributes(int mode, long uid, long gid, Instant modified) {

    private static final int ALL_MODES = 07777;

    public TarAttributes {
        if ((mode & ~ALL_MODES) != 0) {
            throw new IllegalArgumentException("mode is not within 0 and 07777: 0%o".formatted(mode));
        }
        if (uid < 0 || gid < 0) {
            throw new IllegalArgumentException("owner is negative: " + uid + ":" + gid);
        }
    }

    /** The same of another owner. */
    public TarAttributes ownedBy(long uid, long gid) {
        return new TarAttributes(mode, uid, gid, modified);
    }
}
