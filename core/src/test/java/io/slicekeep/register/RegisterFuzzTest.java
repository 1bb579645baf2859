package io.slicekeep.register;

import static io.slicekeep.register.TestRealm.ID;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.record.EncodedName;
import java.util.Arrays;
import java.util.Optional;

/** No bytes that a site may hold make a parser do anything but answer or refuse. */
class RegisterFuzzTest {
    private static final RegisterFormat FORMAT = TestRealm.format(1);
    private static final RegisterKey KEY = FORMAT.key(ID, TestRealm.ballot(1), Phase.CREATED);

    @FuzzTest
    void contents(byte[] bytes) {
        try {
            if (!Arrays.equals(Contents.parse(bytes).write(), bytes)) {
                throw new AssertionError("contents that were accepted are written differently");
            }
        } catch (FormatException e) {
            // refused, as it may be
        }
    }

    @FuzzTest
    void blob(byte[] bytes) throws FormatException {
        try {
            FORMAT.open(ID, KEY, bytes);
            throw new AssertionError("a blob was made up");
        } catch (IntegrityException e) {
            // refused, as it must be
        }
    }

    @FuzzTest
    void key(FuzzedDataProvider data) {
        String prefix = FORMAT.blobsOf(ID).value();
        BlobKey key;
        try {
            key = BlobKey.of(prefix + data.consumeRemainingAsAsciiString());
        } catch (IllegalArgumentException e) {
            return;
        }
        if (FORMAT.open(ID, key).isPresent()) {
            throw new AssertionError("a key was made up: " + key);
        }
    }

    /** Whatever name a site lists, its register can be asked for: there are no more names than registers. */
    @FuzzTest
    void name(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        EncodedName.in("b/" + text + "!", "b/").ifPresent(name -> requireKeys(new RegisterId(name.value())));
        try {
            FORMAT.idIn(BlobKey.of(FORMAT.registersAt("").value() + text)).ifPresent(RegisterFuzzTest::requireKeys);
        } catch (IllegalArgumentException e) {
            // no key: BlobKeyFuzzTest
        }
    }

    private static void requireKeys(RegisterId id) {
        BlobKey key = FORMAT.key(id, TestRealm.ballot(1), Phase.BID).key();
        if (FORMAT.open(id, key).isEmpty() || !FORMAT.idIn(key).equals(Optional.of(id))) {
            throw new AssertionError("not known again: " + key);
        }
    }
}
