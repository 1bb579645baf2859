package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NameCodecTest {
    private final NameCodec codec = TestNamespace.keys(1).names();

    @Test
    void namesComeBackSegmentBySegment() throws Exception {
        for (String name : new String[] {"a", "a/b", "/", "//", "a//b", "photos/", "é/ü", "x".repeat(95)}) {
            assertThat(decoded(codec.encode(bytes(name)))).as(name).isEqualTo(bytes(name));
        }
    }

    @Test
    void bytesThatAreNoTextComeBack() throws Exception {
        for (int b = 1; b < 256; b++) {
            byte[] name = {(byte) b, '/', (byte) b};
            assertThat(decoded(codec.encode(name))).isEqualTo(name);
        }
    }

    @Test
    void equalSegmentsInDifferentDirectoriesLookDifferent() {
        String a = codec.encode(bytes("a/name")).lastSegment();
        String b = codec.encode(bytes("b/name")).lastSegment();
        assertThat(a).isNotEqualTo(b);
    }

    @Test
    void namesOfOneDirectoryShareItsPrefix() {
        String directory = codec.encode(bytes("a/b/x")).directory();
        assertThat(codec.encode(bytes("a/b/y")).directory()).isEqualTo(directory);
        assertThat(codec.directoryOf(bytes("a/b/"))).isEqualTo(new NameCodec.Prefix(directory, 4, true));
    }

    @Test
    void aSegmentMovedElsewhereDoesNotOpen() {
        EncodedName name = codec.encode(bytes("a/b"));
        String other = codec.encode(bytes("b/b")).directory();
        assertThatThrownBy(() -> codec.openSegment(other, name.lastSegment())).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> TestNamespace.keys(2).names().openSegment(name.directory(), name.lastSegment()))
                .isInstanceOf(IntegrityException.class);
    }

    @Test
    void theLongestLastSegmentThatFitsHas95Bytes() {
        assertThat(codec.encode(bytes("x".repeat(95))).isLong()).isFalse();
        assertThat(codec.encode(bytes("x".repeat(96))).isLong()).isTrue();
        assertThat(codec.encode(bytes("d/" + "x".repeat(96))).directory())
                .isEqualTo(codec.encode(bytes("d/x")).directory());
    }

    @Test
    void aLongNameStandsInTheDeepestDirectoryThatHoldsKeys() {
        assertThat(codec.encode(bytes("d".repeat(159) + "/x")).isLong()).isFalse();
        EncodedName name = codec.encode(bytes("d/" + "d".repeat(160) + "/x"));
        assertThat(name.isLong()).isTrue();
        assertThat(name.directory()).isEqualTo(codec.encode(bytes("d/x")).directory());
        assertThat(codec.encode(bytes("d".repeat(160) + "/x")).directory()).isEmpty();
    }

    @Test
    void everyNameFitsAKeyAndLongOnesStandWhereTheirDirectoryEnds() {
        for (int depth = 1; depth < 60; depth++) {
            for (int last : new int[] {1, 16, 95, 96, 255}) {
                byte[] path = bytes("dir/".repeat(depth));
                EncodedName name = codec.encode(bytes("dir/".repeat(depth) + "x".repeat(last)));
                NameCodec.Prefix prefix = codec.directoryOf(path);
                assertThat(name.directory()).isEqualTo(prefix.directory());
                int whole = prefix.directory().length() + 1 + SortableBase64.textLength(32 + last / 16 * 16);
                assertThat(name.isLong()).isEqualTo(last > 95 || !prefix.whole() || whole > 860);
                BlobKey.of("n/" + "0".repeat(32) + "/h/" + name + "!" + "0".repeat(32) + "!" + "0".repeat(51));
            }
        }
    }

    @Test
    void aSegmentThatIsDamagedIsRefused() {
        EncodedName name = codec.encode(bytes("name"));
        String segment = name.value();
        for (int i = 0; i < segment.length(); i++) {
            char other = segment.charAt(i) == '0' ? '1' : '0';
            String damaged = segment.substring(0, i) + other + segment.substring(i + 1);
            assertThatThrownBy(() -> codec.openSegment("", damaged))
                    .isInstanceOfAny(FormatException.class, IntegrityException.class);
        }
    }

    private byte[] decoded(EncodedName name) throws Exception {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        String directory = "";
        for (String segment : name.value().split("/", -1)) {
            if (!directory.isEmpty()) {
                plain.write('/');
            }
            plain.writeBytes(codec.openSegment(directory, segment));
            directory = NameCodec.join(directory, segment);
        }
        return plain.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
