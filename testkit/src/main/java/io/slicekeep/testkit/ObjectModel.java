package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** A map of names to bytes that does what a store of objects should do, and compares. */
final class ObjectModel {
    private static final String[] SEGMENTS = {"", "a", "b", "a.b", "ab", "~", "x".repeat(97), "d".repeat(161)};

    private final ObjectStore objects;
    private final NavigableMap<ObjectName, byte[]> model = new TreeMap<>();

    ObjectModel(ObjectStore objects) {
        this.objects = objects;
    }

    /** Does something at random to both and compares. */
    void step(Random random, String at) throws IOException {
        ObjectName name = name(random);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> put(name, random);
            case 3 -> {
                objects.delete(name);
                model.remove(name);
            }
            case 4 -> copy(name, random);
            case 5 -> list(random, at);
            default -> get(name, at);
        }
    }

    private void put(ObjectName name, Random random) throws IOException {
        byte[] bytes = new byte[random.nextInt(40_000)];
        random.nextBytes(bytes);
        ObjectStoreFixture.put(objects, name, bytes, PutOptions.NONE);
        model.put(name, bytes);
    }

    private void copy(ObjectName from, Random random) throws IOException {
        ObjectName to = name(random);
        byte[] bytes = model.get(from);
        if (bytes == null) {
            assertThatThrownBy(() -> objects.copy(from, to)).isInstanceOf(ObjectNotFoundException.class);
        } else {
            objects.copy(from, to);
            model.put(to, bytes);
        }
    }

    private void get(ObjectName name, String at) throws IOException {
        byte[] bytes = model.get(name);
        if (bytes == null) {
            assertThatThrownBy(() -> ObjectStoreFixture.get(objects, name))
                    .as(at)
                    .isInstanceOf(ObjectNotFoundException.class);
        } else {
            assertThat(ObjectStoreFixture.get(objects, name)).as(at).isEqualTo(bytes);
        }
    }

    private void list(Random random, String at) throws IOException {
        String whole = name(random).toString();
        String prefix = whole.substring(0, random.nextInt(whole.length() + 1));
        boolean delimited = random.nextBoolean();
        assertThat(ObjectStoreFixture.pages(objects, prefix, delimited, 1 + random.nextInt(20)))
                .as("%s prefix '%s' delimited %s", at, prefix, delimited)
                .isEqualTo(expected(model.keySet(), prefix, delimited));
    }

    /** Returns what a listing of some names must show. */
    static List<ObjectName> expected(Iterable<ObjectName> names, String prefix, boolean delimited) {
        TreeSet<ObjectName> expected = new TreeSet<>();
        for (ObjectName name : names) {
            String text = name.toString();
            if (text.startsWith(prefix)) {
                int border = delimited ? text.indexOf('/', prefix.length()) : -1;
                expected.add(border < 0 ? name : ObjectName.of(text.substring(0, border + 1)));
            }
        }
        return new ArrayList<>(expected);
    }

    private static ObjectName name(Random random) {
        StringBuilder name = new StringBuilder(SEGMENTS[1 + random.nextInt(SEGMENTS.length - 1)]);
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            name.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return ObjectName.of(name.toString());
    }
}
