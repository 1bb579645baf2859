package io.slicekeep.register;

import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.record.Means;
import java.util.function.Function;

/** The registers of one realm: of a keep, or of a namespace. Immutable. */
public final class Registers {
    private final Function<RegisterId, Agreement> agreements;
    private final RegisterFormat format;
    private final Means means;

    private Registers(Function<RegisterId, Agreement> agreements, RegisterFormat format, Means means) {
        this.agreements = agreements;
        this.format = format;
        this.means = means;
    }

    /**
     * Returns registers that sites agree on which only create and list, and which do not change.
     *
     * @param layout the sites, and by n and f how many of them decide
     * @param format the realm's keys, which must outlive the registers
     * @param means tasks, randomness and time limits
     * @return the registers
     */
    public static Registers across(Layout layout, RegisterFormat format, Means means) {
        return across(Layouts.fixed(layout), format, means);
    }

    /**
     * Returns registers that sites agree on which only create and list, and which may change.
     *
     * @param layouts tells the sites, and by n and f how many of them decide
     * @param format the realm's keys, which must outlive the registers
     * @param means tasks, randomness and time limits
     * @return the registers
     */
    public static Registers across(Layouts layouts, RegisterFormat format, Means means) {
        return new Registers(id -> new SiteAgreement(layouts, format, id, means), format, means);
    }

    /**
     * Returns registers that one store decides.
     *
     * @param store a store that was proven to decide races
     * @param format the realm's keys, which must outlive the registers
     * @param means tasks, randomness and time limits
     * @return the registers
     */
    public static Registers in(ConditionalBlobStore store, RegisterFormat format, Means means) {
        return new Registers(id -> new StoreAgreement(store, format, id, means), format, means);
    }

    /**
     * Returns a register, which need not exist.
     *
     * @param id which one
     * @return the register
     */
    public Register at(RegisterId id) {
        return new Register(agreements.apply(id), new RegisterBlobs(format, id), means);
    }
}
