package io.slicekeep.record;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import java.nio.ByteBuffer;

/** No bytes that a site may hold make a parser do anything but answer or refuse. */
class RecordFuzzTest {
    private static final NamespaceKeys KEYS = TestNamespace.keys(1);
    private static final RecordFormat FORMAT = new RecordFormat(KEYS);
    private static final RecordCodec CODEC = KEYS.records();

    @FuzzTest
    void record(byte[] bytes) {
        try {
            CODEC.parse(ByteBuffer.wrap(bytes), 0);
        } catch (FormatException | IntegrityException e) {
            // refused, as it may be
        }
    }

    @FuzzTest
    void commonPart(byte[] bytes) {
        try {
            CommonPart common = CommonPart.parse(ByteBuffer.wrap(bytes));
            if (!common.write().equals(ByteBuffer.wrap(bytes))) {
                throw new AssertionError("a common part that was accepted is written differently");
            }
        } catch (FormatException e) {
            // refused, as it may be
        }
    }

    @FuzzTest
    void metadata(byte[] bytes) {
        try {
            Metadata.parse(bytes).write();
        } catch (FormatException e) {
            // refused, as it may be
        }
    }

    @FuzzTest
    void key(FuzzedDataProvider data) {
        BlobKey key;
        try {
            key = BlobKey.of(KEYS.folder() + data.consumeRemainingAsAsciiString());
        } catch (IllegalArgumentException e) {
            return;
        }
        if (FORMAT.open(key).isPresent() || FORMAT.openNote(key).isPresent()) {
            throw new AssertionError("a key was made up: " + key);
        }
        FORMAT.nameIn(key);
    }

    @FuzzTest
    void revision(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        try {
            Revision revision = Revision.parse(text);
            if (!revision.text(0).startsWith(text.substring(0, 29))) {
                throw new AssertionError("a revision that was accepted is written differently: " + text);
            }
        } catch (FormatException e) {
            // refused, as it may be
        }
    }
}
