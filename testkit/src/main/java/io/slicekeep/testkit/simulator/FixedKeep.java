package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.Registers;
import io.slicekeep.site.Site;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Sites that never change, nor are asked who they are: all that goes wrong is between objects, records and slices. */
final class FixedKeep implements Keep {
    private static final byte[] NAMESPACE = new byte[16];

    private final Run run;
    private final OpenSecret secret;
    private final boolean oneStoreDecides;

    FixedKeep(Run run, OpenSecret secret, boolean oneStoreDecides) {
        this.run = run;
        this.secret = secret;
        this.oneStoreDecides = oneStoreDecides;
    }

    @Override
    public void found() {
        // There is nothing to be written.
    }

    @Override
    public Opened open(SimulatedProcess process) {
        List<Site> reached = new ArrayList<>();
        for (SimulatedSite site : run.sites()) {
            reached.add(new Site(site.index(), site.name(), process.wire(site)));
        }
        Layout layout = new Layout(run.profile(), reached, 1);
        Layouts layouts = Layouts.fixed(layout);
        return new Opened(
                process,
                layouts,
                HexFormat.of().formatHex(NAMESPACE),
                run.objects(layouts, NAMESPACE, secret, process.facilities()),
                registers(layout, process));
    }

    private Registers registers(Layout layout, SimulatedProcess process) {
        RegisterFormat format = RegisterFormat.of("", secret);
        return oneStoreDecides
                ? Registers.in(process.wire(run.sites().get(0)), format, process.means())
                : Registers.across(layout, format, process.means());
    }

    @Override
    public List<SimulatedSite> members() {
        return run.sites();
    }

    @Override
    public Profile profile() {
        return run.profile();
    }

    @Override
    public void settle(Opened opened) {
        // Nothing has changed.
    }
}
