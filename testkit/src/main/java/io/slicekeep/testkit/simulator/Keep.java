package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Profile;
import java.io.IOException;
import java.util.List;

/** The keep of a run: which of its sites are members, and how a process opens it. Confined to one thread at a time. */
interface Keep {
    /** Makes it, before anything goes wrong. */
    void found() throws IOException;

    /** Opens it in a process; fails if too few sites are there. */
    Opened open(SimulatedProcess process) throws IOException;

    /** Returns the members, in the order of their slices. */
    List<SimulatedSite> members();

    /** Returns its profile; of a keep that changes the first one, and when it has settled the last. */
    Profile profile();

    /** When nothing goes wrong any more, ends what changes of members have left half done, and switches former ones off. */
    void settle(Opened opened) throws IOException;
}
