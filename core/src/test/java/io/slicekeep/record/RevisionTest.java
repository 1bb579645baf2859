package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionTest {
    private static final WriterId LOW = new WriterId(0, 1);
    private static final WriterId HIGH = new WriterId(-1, -1);

    /** Oldest first. */
    private static List<Revision> ordered() {
        List<Revision> all = new ArrayList<>();
        for (long counter : new long[] {0, 1, 63, 64, 1L << 60, Revision.MAX_COUNTER - 1, Revision.MAX_COUNTER}) {
            for (WriterId writer : List.of(WriterId.NONE, LOW, new WriterId(1, 0), new WriterId(1, -1), HIGH)) {
                for (int generation : new int[] {0, 1, 64, 4095}) {
                    all.add(new Revision(counter, writer, generation));
                }
            }
        }
        return all;
    }

    @Test
    void theNewestSortsFirstInKeys() {
        List<Revision> revisions = ordered();
        assertThat(revisions).isSorted();
        List<String> texts = new ArrayList<>();
        revisions.forEach(revision -> texts.add(revision.text(7)));
        Collections.reverse(texts);
        assertThat(texts).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
    }

    @Test
    void everyRevisionComesBack() throws Exception {
        for (Revision revision : ordered()) {
            for (int attempt : new int[] {0, 1, Revision.ATTEMPTS - 1}) {
                String text = revision.text(attempt);
                assertThat(text).hasSize(32);
                assertThat(Revision.parse(text)).isEqualTo(revision);
            }
            assertThat(Revision.parseVersion(revision.versionText(), revision.generation()))
                    .isEqualTo(revision);
        }
    }

    @Test
    void aCounterBeyondTheLastIsRefused() {
        String text = new Revision(Revision.MAX_COUNTER, LOW, 0).text(0);
        assertThat(text).startsWith("00000000000");
        assertThatThrownBy(() -> Revision.parse("4" + text.substring(1))).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> Revision.parse(text.substring(1))).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> new Revision(Revision.MAX_COUNTER + 1, LOW, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
