package io.slicekeep.cli.kills;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What may stand under each name: one value, or several after a kill, until somebody has looked. Confined to one thread. */
final class Expected {
    /** There is no object. */
    static final int NOTHING = 0;

    private static final int LARGE_BYTES = 3 << 19;

    private final Map<String, Set<Integer>> possible = new TreeMap<>();

    Set<String> names() {
        return possible.keySet();
    }

    /** A write has begun: from now on either may stand. */
    void mayBe(String name, int value) {
        possible.computeIfAbsent(name, unused -> new TreeSet<>(Set.of(NOTHING))).add(value);
    }

    /** It was acknowledged, or read: nothing else may stand from now on. */
    void is(String name, int value) {
        possible.put(name, new TreeSet<>(Set.of(value)));
    }

    boolean allows(String name, int value) {
        return possible.getOrDefault(name, Set.of(NOTHING)).contains(value);
    }

    @Override
    public String toString() {
        return possible.toString();
    }

    /** Returns the bytes of a value, which begin with its number; every third one is longer than a stripe. */
    static byte[] bytes(int value) {
        Random random = new Random(value);
        byte[] bytes = new byte[value % 3 == 0 ? LARGE_BYTES : 4 + random.nextInt(5000)];
        random.nextBytes(bytes);
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    /** Returns the number that such bytes begin with. */
    static int number(byte[] bytes) {
        int number = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            number |= (bytes[i] & 0xFF) << (8 * i);
        }
        return number;
    }
}
