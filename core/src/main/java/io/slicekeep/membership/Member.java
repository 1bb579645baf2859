package io.slicekeep.membership;

import java.util.regex.Pattern;

/**
 * One site as the configuration names it. Immutable.
 *
 * @param siteId which site it is
 * @param slice which slice of every blob is its, 0 to 254
 * @param name 1 to 32 of {@code A-Z a-z 0-9 _ -}: what people call it
 * @param address where it was when it joined; up to 4096 characters, none of them a control character
 * @param since the first epoch in which it is a member without another one beside it: keep files that have seen no newer one
 *     know nothing of it
 */
public record Member(SiteId siteId, int slice, String name, String address, long since) {
    /** What a site's name looks like. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    static final int MAX_SLICE = 254;

    private static final int MAX_ADDRESS_CHARS = 4096;

    /** Checks the slice, the name, the address and the epoch. */
    public Member {
        MemberKeys.requireNumber(since);
        if (slice < 0 || slice > MAX_SLICE) {
            throw new IllegalArgumentException("a site's slice must be 0 to 254: slice=" + slice);
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a site's name must be 1 to 32 letters, digits, _ or -: name=" + name);
        }
        if (address.length() > MAX_ADDRESS_CHARS) {
            throw new IllegalArgumentException(
                    "an address must have at most " + MAX_ADDRESS_CHARS + " characters: chars=" + address.length());
        }
        // It is shown before anything is verified, and a terminal obeys control characters.
        if (address.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("an address must have no control characters: site=" + name);
        }
    }
}
