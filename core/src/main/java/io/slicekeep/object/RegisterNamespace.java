package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.InlineCode;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.Registers;
import java.io.IOException;

/**
 * A namespace whose writes may be conditional: the head of each name is a register of its own. A site must never hold k slices,
 * and a register's value stands whole at every site; so all slices stand beside it.
 *
 * @param layouts tells which layout holds now
 * @param layout where its data lies
 * @param format how its heads and slices are written
 * @param registerFormat how its registers are keyed
 * @param facilities what it works with
 */
record RegisterNamespace(
        Layouts layouts, Layout layout, RecordFormat format, RegisterFormat registerFormat, Facilities facilities)
        implements Namespace {
    @Override
    public RegisterNamespace under(Layout now) {
        return now.equals(layout) ? this : new RegisterNamespace(layouts, now, format, registerFormat, facilities);
    }

    @Override
    public RegisterNamespace confirmed() throws IOException {
        return under(layouts.confirmed());
    }

    @Override
    public Upkeep upkeep(Memory memory) {
        return new RegisterUpkeep(this, memory);
    }

    @Override
    public Heads heads() {
        return new RegisterHeads(this);
    }

    @Override
    public InlineCode inlineCode(int dataSlices) {
        return new InlineCode(facilities.dispersal().code(dataSlices, layout.cells() - dataSlices));
    }

    /** A register forgets what it held, and with it what a copy would share: so copies have keys of their own. */
    @Override
    public boolean sitesCopy() {
        return false;
    }

    /** Returns the register of a name, which the sites of today decide. */
    Register register(EncodedName name) {
        return Registers.across(layouts, registerFormat, facilities.means()).at(new RegisterId(name.value()));
    }
}
