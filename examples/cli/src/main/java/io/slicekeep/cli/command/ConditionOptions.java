package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.object.Condition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What must hold for a write to take effect. */
final class ConditionOptions {
    @Option(
            names = "--if-match",
            paramLabel = "ETAG",
            description = "Only if the object is there with this ETag, which 'stat' and 'ls --json' show.")
    @Nullable
    String ifMatch;

    @Option(names = "--if-none-match", description = "Only if there is no object of that name.")
    boolean ifNoneMatch;

    Condition condition() throws CommandException {
        if (ifMatch != null && ifNoneMatch) {
            throw CommandException.usage("give --if-match or --if-none-match, not both");
        }
        if (ifNoneMatch) {
            return Condition.IF_ABSENT;
        }
        return ifMatch == null ? Condition.NONE : Condition.ifMatch(ifMatch);
    }
}
