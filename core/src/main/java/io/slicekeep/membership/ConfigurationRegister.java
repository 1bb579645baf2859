package io.slicekeep.membership;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.FormatException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.Registers;
import io.slicekeep.register.State;
import io.slicekeep.register.Update;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The register that says which configuration is in force (docs/PROTOCOLS.md 11). Its sites are those of the configuration, so
 * who asks must know one: what its sites name is that one, or leads to it.
 *
 * <p>The sites of a configuration decide on it and on its successor, and on nothing else. Whatever came after that may have
 * been decided by sites of which they know no more than f: with a higher ballot they could put an old value above it.
 */
final class ConfigurationRegister {
    private static final RegisterId ID = new RegisterId("config");

    private final RegisterFormat format;
    private final Means means;

    ConfigurationRegister(RegisterFormat format, Means means) {
        this.format = format;
        this.means = means;
    }

    /**
     * Reads which configuration is in force.
     *
     * @param layout the sites of a configuration
     * @param own which one
     * @return {@code own} if it is in force; another one is, or was, in force after it or instead of it
     */
    Named read(Layout layout, Named own) throws IOException {
        Optional<State> settled = at(layout).look();
        return settled.isPresent() ? Named.read(settled.get()) : decide(layout, own, Optional.empty());
    }

    /**
     * Puts a configuration in force, unless another one is.
     *
     * @param layout the sites of the one that is in force
     * @param own which one that is
     * @param next its successor
     * @return which one is in force, or was after {@code own}
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not be in force
     */
    Named change(Layout layout, Named own, Named next) throws IOException {
        return decide(layout, own, Optional.of(next.write()));
    }

    private Named decide(Layout layout, Named own, Optional<Bytes> next) throws IOException {
        try {
            Update update =
                    at(layout).update(state -> successor(own, next, state), shown -> requireNoneAfterNext(own, shown));
            return Named.read(update.state());
        } catch (ForeignException e) {
            return e.named;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * What came after the successor shows that this was in force: its sites may know it with a low ballot only, and something older
     * with a high one, put by sites that never were in force.
     */
    private static void requireNoneAfterNext(Named own, State shown) {
        try {
            Named held = Named.read(shown);
            if (held.epoch() > own.epoch() + 1) {
                throw new ForeignException(held);
            }
        } catch (FormatException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Bytes> successor(Named own, Optional<Bytes> next, State state) {
        try {
            Named held = Named.read(state);
            if (held.equals(own)) {
                return next;
            }
            if (held.epoch() == own.epoch() + 1) {
                return Optional.empty();
            }
            throw new ForeignException(held);
        } catch (FormatException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Register at(Layout layout) {
        return Registers.across(layout, format, means).at(ID);
    }

    /** The register holds a value on which these sites must not decide. */
    private static final class ForeignException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Named named;

        ForeignException(Named named) {
            super("the register holds " + named, null, false, false);
            this.named = named;
        }
    }
}
