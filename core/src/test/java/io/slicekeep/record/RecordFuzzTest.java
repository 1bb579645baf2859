package io.slicekeep.record;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** No bytes that a site may hold make a parser do anything but answer or refuse. */
class RecordFuzzTest {
    private static final NamespaceKeys KEYS = TestNamespace.keys(1);
    private static final RecordFormat FORMAT = new RecordFormat(KEYS);
    private static final RecordCodec CODEC = KEYS.records();
    private static final int CRC_BYTES = 4;

    @FuzzTest
    void record(byte[] bytes) {
        try {
            CODEC.parse(ByteBuffer.wrap(summed(bytes)), 0);
        } catch (FormatException | IntegrityException e) {
            // refused, as it may be
        }
    }

    /** As a scrub reads it, which has no keys. */
    @FuzzTest
    void unproven(byte[] bytes) throws IOException {
        try {
            CommonPart common = UnprovenRecords.read(new BufferSource(ByteBuffer.wrap(summed(bytes))), 0)
                    .common();
            UnprovenRecords.slicesBase(KEYS.folder(), common);
            UnprovenRecords.revisionText(common);
        } catch (FormatException e) {
            // refused, as it may be
        }
    }

    /** A fuzzer does not find a checksum; it is given that of the header, and that of all. */
    private static byte[] summed(byte[] bytes) {
        byte[] summed = bytes.clone();
        if (bytes.length >= RecordCodec.HEADER_BYTES + CRC_BYTES) {
            sum(summed, 0, RecordCodec.HEADER_BYTES - CRC_BYTES);
            sum(summed, RecordCodec.HEADER_BYTES, summed.length - CRC_BYTES);
        }
        return summed;
    }

    private static void sum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        ByteBuffer.wrap(bytes).putInt(to, (int) crc.getValue());
    }

    private record BufferSource(ByteBuffer bytes) implements BlobSource {
        @Override
        public long length() {
            return bytes.limit();
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) {
            int count = (int) Math.min(dst.remaining(), length() - offset);
            dst.put(bytes.slice((int) offset, count));
            return count;
        }

        @Override
        public void close() {}
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
    void sliceKey(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        try {
            BlobKey key = BlobKey.of(FORMAT.slices() + text);
            FORMAT.nameOfSlice(key).ifPresent(name -> requireWritten(name, key));
        } catch (IllegalArgumentException e) {
            // no key: BlobKeyFuzzTest
        }
    }

    private static void requireWritten(EncodedName name, BlobKey key) {
        FORMAT.placedBlob(name, key).ifPresent(blob -> {
            if (!key.value().startsWith(FORMAT.slicesBase(name, blob.version(), blob.placement()) + "/")) {
                throw new AssertionError("a slice's key that was accepted is written differently: " + key);
            }
        });
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
