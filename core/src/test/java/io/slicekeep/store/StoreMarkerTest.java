package io.slicekeep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.store.StoreMarker.Commit;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoreMarkerTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String TEXT = "slicekeep directory store 1\nid " + ID + "\ncommit link\n";

    private static StoreMarker parse(String text) throws FormatException {
        return StoreMarker.parse(text.getBytes(StandardCharsets.ISO_8859_1), "#store");
    }

    private static void assertRefused(String text, Kind kind) {
        assertThatThrownBy(() -> parse(text))
                .as(text)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("#store")
                .extracting(e -> ((FormatException) e).kind())
                .isEqualTo(kind);
    }

    @Test
    void theTextIsThatOfTheFormat() throws Exception {
        assertThat(parse(TEXT)).isEqualTo(new StoreMarker(ID, Commit.LINK));
        assertThat(new StoreMarker(ID, Commit.LINK).format()).asString().isEqualTo(TEXT);
        assertThat(parse(TEXT.replace("link", "lock"))).isEqualTo(new StoreMarker(ID, Commit.LOCK));
    }

    @Test
    void foreignNewerAndDamagedMarkersAreToldApart() {
        assertRefused("", Kind.NOT_OURS);
        assertRefused("something else\n", Kind.NOT_OURS);
        assertRefused("slicekeep directory store 2\nwhatever\n", Kind.TOO_NEW);
        assertRefused("slicekeep directory store 10\n", Kind.TOO_NEW);
        assertRefused(TEXT.replace("link", "rename"), Kind.TOO_NEW);
        assertRefused("slicekeep directory store ", Kind.CORRUPT);
        assertRefused("slicekeep directory store 1", Kind.CORRUPT);
        assertRefused(TEXT + "x", Kind.CORRUPT);
        assertRefused(TEXT.replace("id 0", "id g"), Kind.CORRUPT);
    }

    @Test
    void everyTruncatedMarkerIsRefused() {
        for (int length = 0; length < TEXT.length(); length++) {
            String text = TEXT.substring(0, length);
            assertThatThrownBy(() -> parse(text)).as(text).isInstanceOf(FormatException.class);
        }
    }
}
