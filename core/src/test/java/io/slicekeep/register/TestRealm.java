package io.slicekeep.register;

import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.WriterId;
import java.util.Random;

/** A realm with fixed keys, and what lies in it. */
final class TestRealm {
    static final RegisterId ID = new RegisterId("a/b");
    static final int NOTE_BYTES = 3;

    private TestRealm() {}

    static RegisterFormat format(long seed) {
        return RegisterFormat.of("n/0/", OpenSecret.random(KeyContext.EMPTY, new Random(seed)::nextBytes), NOTE_BYTES);
    }

    static Ballot ballot(long number) {
        return new Ballot(number, new WriterId((int) number, ~number));
    }

    static Bytes value(int bytes) {
        byte[] value = new byte[bytes];
        new Random(bytes).nextBytes(value);
        return Bytes.of(value);
    }

    /** What a register holds after so many changes, the last of which gave so many bytes. */
    static Contents contents(int changes, int valueBytes) {
        Contents contents = Contents.NOTHING;
        for (int i = 1; i <= changes; i++) {
            contents = contents.changed(ballot(i), value(i == changes ? valueBytes : 0));
        }
        return contents;
    }
}
