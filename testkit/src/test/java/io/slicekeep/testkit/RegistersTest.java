package io.slicekeep.testkit;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.record.Means;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.Registers;
import io.slicekeep.site.Site;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;

/** Both ways to agree keep to one contract. */
class RegistersTest {
    abstract static class Across extends RegisterContract {
        abstract Profile profile();

        @Override
        protected int siteCount() {
            return profile().sites();
        }

        @Override
        protected int awayCount() {
            return profile().sites() - profile().registerQuorum();
        }

        @Override
        protected Registers open(List<? extends BlobStore> stores, RegisterFormat keys, Means means) {
            List<Site> sites = IntStream.range(0, stores.size())
                    .mapToObj(i -> new Site(i, Character.toString('a' + i), stores.get(i)))
                    .toList();
            return Registers.across(new Layout(profile(), sites, 1), keys, means);
        }
    }

    @Nested
    class AcrossOneSite extends Across {
        @Override
        Profile profile() {
            return Profile.parse("1+0");
        }
    }

    @Nested
    class AcrossThreeSites extends Across {
        @Override
        Profile profile() {
            return Profile.parse("2+1");
        }
    }

    @Nested
    class AcrossThreeSitesOfWhichOneLies extends Across {
        @Override
        Profile profile() {
            return Profile.parse("2+1,f=1,away=0");
        }
    }

    @Nested
    class AcrossFiveSitesOfWhichOneLies extends Across {
        @Override
        Profile profile() {
            return Profile.parse("2+3,f=1,away=1");
        }
    }

    @Nested
    class AcrossSixSites extends Across {
        @Override
        Profile profile() {
            return Profile.parse("4+2");
        }
    }

    @Nested
    class InOneStore extends RegisterContract {
        @Override
        protected int siteCount() {
            return 1;
        }

        @Override
        protected int awayCount() {
            return 0;
        }

        @Override
        protected Registers open(List<? extends BlobStore> stores, RegisterFormat keys, Means means) {
            return Registers.in(new Deciding(stores.get(0)), keys, means);
        }
    }

    /** A store that decides races since the memory below does, whatever lies between. */
    private static final class Deciding extends ForwardingStore implements ConditionalBlobStore {
        Deciding(BlobStore below) {
            super(below);
        }
    }
}
