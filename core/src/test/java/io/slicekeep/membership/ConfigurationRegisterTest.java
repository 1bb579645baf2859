package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Means;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which configuration is in force, as one register tells whose sites change with it. */
class ConfigurationRegisterTest {
    private static final Profile ONE = Profile.parse("1+0");

    private final MemoryStore coming = new MemoryStore();
    private final Layout first = layout(new MemoryStore(), 1);

    /**
     * Two began to replace a, and one of them was faster: b is the only site by now, and the next change has begun. Then someone opens the
     * configuration that the other one wrote and that never was in force: he has its sites agree, with a higher ballot than any, on what
     * a still knows. Who has slept since b was coming sees that at a, and must not believe it more than b.
     */
    @Test
    void sitesThatWereNeverInForceAndAgreeHideNothing() throws IOException {
        Named plain = named(1);
        Named joint = named(2);
        Named ofTheSlower = Named.of(2, new byte[] {2, 2});
        Named after = named(3);
        Named next = named(4);
        Layout toB = first.joint(0, Departure.SERVING, "b", coming, 2);
        Layout ofB = layout(coming, 3);
        try (OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new Random(1)::nextBytes);
                RegisterFormat format = RegisterFormat.of("", secret);
                ExecutorTasks tasks = ExecutorTasks.create()) {
            ConfigurationRegister register =
                    new ConfigurationRegister(format, new Means(tasks, RandomSource.secure(), Timing.DEFAULT));
            assertThat(register.change(first, plain, joint)).isEqualTo(joint);
            assertThat(register.change(toB, joint, after)).isEqualTo(after);
            assertThat(register.change(ofB, after, next)).isEqualTo(next);
            Layout toAnother = first.joint(0, Departure.SERVING, "c", new MemoryStore(), 2);
            assertThat(register.read(toAnother, ofTheSlower)).isEqualTo(after);
            assertThat(register.read(toB, joint)).isEqualTo(next);
            assertThat(register.read(ofB, after)).isEqualTo(next);
        }
    }

    private static Named named(int epoch) {
        return Named.of(epoch, new byte[] {(byte) epoch});
    }

    private static Layout layout(MemoryStore store, long epoch) {
        return new Layout(ONE, List.of(new Site(0, "a", store)), epoch);
    }
}
