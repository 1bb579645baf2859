package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.membership.Member;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A keep of 4+4 with f = 1, one of whose slices is missing, and whose site a lies. */
class KeepScrubTest {
    private static final Profile PROFILE = new Profile(4, 4, 1, 1);

    @TempDir
    private Path dir;

    private Fixture fixture;
    private Configuration now;
    private BlobKey lost = BlobKey.of("none");
    private byte[] slice = {};

    @BeforeEach
    void loseOneSlice() throws IOException {
        fixture = new Fixture(dir.resolve("keep"));
        Files.createDirectory(fixture.folder);
        KeepSpec spec = new KeepSpec(PROFILE, fixture.sites(8));
        Path file = Files.write(dir.resolve("input"), new byte[3_000_000]);
        try (KeyRing keys = Fixture.passphrase("pw");
                Keep keep = Keep.create(fixture.keepFile, spec, keys, KeepOptions.DEFAULT)) {
            keep.put("one", file);
        }
        now = Configuration.parse(read("a", key("a", "config/")));
        lost = key("h", "/b/");
        slice = read("h", lost);
        delete("h", lost);
    }

    @Test
    void whatIsMissingIsRebuilt() throws IOException {
        ScrubReport report = scrub();
        assertThat(report.counts().rebuiltSlices()).isEqualTo(1);
        assertThat(read("h", lost)).isEqualTo(slice);
    }

    /** Namespaces of the liar's own: there would be nothing to look at. */
    @Test
    void oneLiarDoesNotHideWhatIsMissing() throws IOException {
        try (OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, RandomSource.secure())) {
            List<NamespaceEntry> empty =
                    List.of(NamespaceEntry.create("default", NamespaceMode.LWW, secret, RandomSource.secure()));
            lie(now.terms(), now.members(), empty);
        }
        assertThat(scrub().counts().rebuiltSlices()).isEqualTo(1);
    }

    /** With f = 0 nothing would be compared, and what the liar's slice gives would be written with right checksums. */
    @Test
    void oneLiarDoesNotHaveWrongBytesWritten() throws IOException {
        Terms trusting = new Terms(
                new Profile(4, 4, 0, 1), now.terms().lease(), now.terms().createdMicros());
        lie(trusting, now.members(), now.namespaces());
        forgeSlice();
        scrub();
        assertThat(read("h", lost)).isEqualTo(slice);
    }

    @Test
    void oneLiarIsNotTheWholeKeep() throws IOException {
        Terms alone = new Terms(new Profile(1, 0, 0, 0), now.terms().lease(), 1);
        lie(alone, now.members().subList(0, 1), now.namespaces());
        assertThat(scrub().sites()).isEqualTo(8);
    }

    @Test
    void tooFewSitesToAgreeAreRefused() throws IOException {
        for (String site : List.of("b", "c", "d", "e")) {
            Fixture.deleteTree(fixture.site(site));
        }
        assertThatThrownBy(this::scrub)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("too few sites show alike")
                .hasMessageContaining("e: ");
    }

    @Test
    void whatIsOlderThanTheKeepFileIsRefused() throws IOException {
        fixture.edit("epoch = 1", "epoch = 2");
        assertThatThrownBy(this::scrub)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("too few sites show alike");
    }

    private ScrubReport scrub() throws IOException {
        ScrubOptions options = new ScrubOptions(Depth.LIGHT, true, "", 0);
        return Keep.scrub(fixture.keepFile, KeepOptions.DEFAULT, options, new ScrubListener() {
            @Override
            public void found(Finding finding) {}

            @Override
            public void reached(String cursor, ScrubReport soFar) {}
        });
    }

    private void lie(Terms terms, List<Member> members, List<NamespaceEntry> namespaces) throws IOException {
        Configuration forged = new Configuration(now.keepId(), 99, terms, members, Optional.empty(), namespaces);
        String newest = "config/" + String.format("%016x", (1L << 62) - 1 - 99) + "!00000000";
        try (SecretBytes attackers = SecretBytes.random(RandomSource.secure(), 32)) {
            write("a", BlobKey.of(newest), forged.seal(attackers));
        }
    }

    /** Changes a byte of the liar's first cell, and makes the checksum right. */
    private void forgeSlice() throws IOException {
        BlobKey key = key("a", "/b/");
        byte[] bytes = read("a", key);
        bytes[64 + 5000] ^= 1;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 64, 16384);
        crc.update(bytes, 24, 16);
        crc.update(ByteBuffer.allocate(12).putInt(0, bytes[12]).putLong(4, 0));
        ByteBuffer.wrap(bytes).putInt(64 + 16384, (int) crc.getValue());
        delete("a", key);
        write("a", key, bytes);
    }

    private BlobKey key(String site, String part) throws IOException {
        try (BlobStore store = DirectoryStore.open(fixture.site(site))) {
            return store.list(KeyPrefix.ALL, null, 1000).keys().stream()
                    .filter(key -> key.value().contains(part))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private byte[] read(String site, BlobKey key) throws IOException {
        try (BlobStore store = DirectoryStore.open(fixture.site(site));
                BlobSource source = store.open(key)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            return bytes.array();
        }
    }

    private void write(String site, BlobKey key, byte[] bytes) throws IOException {
        try (BlobStore store = DirectoryStore.open(fixture.site(site));
                BlobSink sink = store.create(key)) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
    }

    private void delete(String site, BlobKey key) throws IOException {
        try (BlobStore store = DirectoryStore.open(fixture.site(site))) {
            store.delete(key);
        }
    }
}
