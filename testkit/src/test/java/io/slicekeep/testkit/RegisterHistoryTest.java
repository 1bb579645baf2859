package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegisterHistoryTest {
    private final RegisterHistory history = new RegisterHistory();

    @Test
    void readsOfTheLastWriteAreLinearizable() {
        history.read(0, 0, 1);
        history.wrote(1, 2, 3);
        history.read(1, 4, 5);
        history.wrote(0, 6, 7);
        history.read(0, 8, 9);
        assertThat(history.isLinearizable()).isTrue();
    }

    @Test
    void aReadThatMissesAnAcknowledgedWriteIsNot() {
        history.wrote(1, 0, 1);
        history.read(0, 2, 3);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aReadThatGoesBackIsNot() {
        history.wrote(1, 0, 1);
        history.mayHaveWritten(2, 2);
        history.read(2, 3, 4);
        history.read(1, 5, 6);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void overlappingReadsMaySeeEither() {
        history.wrote(1, 0, 1);
        history.wrote(2, 2, 9);
        history.read(1, 3, 4);
        history.read(2, 5, 6);
        history.read(2, 7, 8);
        assertThat(history.isLinearizable()).isTrue();
    }

    @Test
    void changesThatSawEachOtherInTurnAreLinearizable() {
        history.changed(0, 1, 0, 9);
        history.changed(1, 2, 0, 9);
        history.changed(2, 3, 0, 9);
        history.read(3, 10, 11);
        assertThat(history.isLinearizable()).isTrue();
    }

    @Test
    void twoChangesOfOneValueAreNot() {
        history.changed(0, 1, 0, 9);
        history.changed(0, 2, 0, 9);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void changesThatSawEachOtherAreNot() {
        history.changed(2, 1, 0, 9);
        history.changed(1, 2, 0, 9);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aChangeOfWhatFailedForCertainIsNot() {
        history.didNotWrite(1);
        history.changed(1, 2, 0, 1);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void anOpenWriteMayHappenLateOrNever() {
        history.mayHaveWritten(1, 0);
        history.read(0, 1, 2);
        assertThat(history.isLinearizable()).isTrue();
        history.read(1, 3, 4);
        assertThat(history.isLinearizable()).isTrue();
        history.read(0, 5, 6);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void anOpenDeletionMayHappen() {
        history.wrote(1, 0, 1);
        history.mayHaveWritten(0, 2);
        history.read(1, 3, 4);
        history.read(0, 5, 6);
        assertThat(history.isLinearizable()).isTrue();
    }

    @Test
    void aWriteThatFailedForCertainMustNotBeRead() {
        history.didNotWrite(1);
        history.read(1, 2, 3);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aValueThatNobodyWroteIsNot() {
        history.read(5, 0, 1);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void twoWritesAreOrderedByWhatReadersSee() {
        history.wrote(1, 0, 10);
        history.wrote(2, 0, 10);
        history.read(1, 11, 12);
        history.read(1, 13, 14);
        assertThat(history.isLinearizable()).isTrue();
        history.read(2, 15, 16);
        assertThat(history.isLinearizable()).isFalse();
    }
}
