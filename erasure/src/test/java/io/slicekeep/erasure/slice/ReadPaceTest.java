package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadPaceTest {
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final int NEEDED = 4;

    private final SimulatedTasks tasks = new SimulatedTasks(1);
    private final ReadPace pace = new ReadPace(tasks, LONGEST);
    private final List<Site> sites = IntStream.range(0, 6)
            .mapToObj(i -> new Site(i, "site" + i, new AwayStore("not asked")))
            .toList();

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void nobodyIsSlowAsLongAsNothingIsKnown() {
        assertThat(pace.slow(sites, NEEDED)).isEqualTo(new BitSet());
        assertThat(pace.hedgeDelay()).isEqualTo(LONGEST);
    }

    @Test
    void siteIsSlowThatTakesMoreThanTwiceAsLongAsTheFastestFew() throws IOException {
        for (int i = 0; i < 6; i++) {
            call(i, 10 + i);
        }
        assertThat(pace.slow(sites, NEEDED)).isEqualTo(new BitSet());
        for (int round = 0; round < 20; round++) {
            call(5, 25);
        }
        assertThat(pace.slow(sites, NEEDED).stream()).isEmpty();
        for (int round = 0; round < 20; round++) {
            call(5, 35);
        }
        assertThat(pace.slow(sites, NEEDED).stream()).containsExactly(5);
    }

    @Test
    void siteThatHangsIsSlowBeforeItAnswers() throws IOException {
        for (int i = 0; i < NEEDED; i++) {
            call(i, 10);
        }
        ReadPace.Call hanging = pace.begin(sites.get(2));
        tasks.pause(Duration.ofMillis(30));
        assertThat(pace.slow(sites, NEEDED).stream()).containsExactly(2);
        hanging.ended();
        assertThat(pace.slow(sites, NEEDED).stream()).isEmpty();
    }

    @Test
    void slowSiteIsTriedAgainAfterAWhileAndOnce() throws IOException {
        call(0, 1000);
        assertThat(pace.mayTryAgain(sites.get(0))).isFalse();
        tasks.pause(Duration.ofSeconds(10));
        assertThat(pace.mayTryAgain(sites.get(0))).isTrue();
        assertThat(pace.mayTryAgain(sites.get(0))).isFalse();
    }

    @Test
    void readIsLateThatTakesLongerThanNineteenOfTwenty() throws IOException {
        for (int i = 0; i < 99; i++) {
            call(i % 6, i % 25 == 0 ? 500 : 20);
        }
        assertThat(pace.hedgeDelay()).isEqualTo(LONGEST);
        call(0, 20);
        assertThat(pace.hedgeDelay()).isBetween(Duration.ofMillis(20), Duration.ofMillis(25));
        for (int i = 0; i < 50; i++) {
            call(0, 3000);
        }
        assertThat(pace.hedgeDelay()).isEqualTo(LONGEST);
    }

    @Test
    void readsThatTakeNoTimeAreNotLateAtOnce() throws IOException {
        for (int i = 0; i < 100; i++) {
            call(i % 6, 0);
        }
        assertThat(pace.hedgeDelay()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void twentyReadsEarnAnExtraOne() throws IOException {
        pace.spend(10);
        for (int i = 0; i < 19; i++) {
            call(0, 1);
            assertThat(pace.mayHedge()).isFalse();
        }
        call(0, 1);
        call(0, 1);
        assertThat(pace.mayHedge()).isTrue();
        pace.spend(5);
        assertThat(pace.mayHedge()).isFalse();
    }

    @Test
    void noMoreIsSavedUpThanTenReads() throws IOException {
        for (int i = 0; i < 1000; i++) {
            call(0, 1);
        }
        pace.spend(10);
        assertThat(pace.mayHedge()).isFalse();
    }

    private void call(int site, int millis) throws IOException {
        ReadPace.Call call = pace.begin(sites.get(site));
        tasks.pause(Duration.ofMillis(millis));
        call.answered();
        call.ended();
    }
}
