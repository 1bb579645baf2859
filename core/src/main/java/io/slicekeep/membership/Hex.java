package io.slicekeep.membership;

/** Ids as text. */
final class Hex {
    private Hex() {}

    static void require(String hex, int bytes, String what) {
        boolean digits = hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (hex.length() != 2 * bytes || !digits) {
            throw new IllegalArgumentException(
                    what + " must be " + 2 * bytes + " lower-case hex digits: found " + hex.length() + " characters");
        }
    }
}
