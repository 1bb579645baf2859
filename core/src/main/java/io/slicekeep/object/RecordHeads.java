package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.ConditionUnsupportedException;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Current;
import io.slicekeep.record.Hints;
import io.slicekeep.record.NameScan;
import io.slicekeep.record.Need;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Stripe;
import io.slicekeep.record.Target;
import io.slicekeep.record.WriteTicket;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Heads that are records, of which the newest counts. */
final class RecordHeads implements Heads {
    private final RecordNamespace namespace;

    RecordHeads(RecordNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public int maxInlineBytes() {
        return Stripe.maxInlineBytes(namespace.layout().dataSlices());
    }

    @Override
    public void require(Condition condition) throws ConditionUnsupportedException {
        if (!condition.equals(Condition.NONE)) {
            throw new ConditionUnsupportedException(condition
                    + " needs a namespace whose mode is conditional; this one's is lww, where the last writer wins:"
                    + " put it into a keep that was created with --mode conditional");
        }
    }

    @Override
    public Current read(Target target, Need need, Certainty certainty) throws IOException {
        return namespace.read(target, records -> records.read(target, need, certainty));
    }

    @Override
    public Write begin(Target target, Condition condition) throws IOException {
        require(condition);
        return new RecordWrite(namespace.records().begin(target));
    }

    @Override
    public Write beginDeletion(Target target, Condition condition) throws IOException {
        require(condition);
        return new RecordWrite(namespace.records().beginDeletion(target));
    }

    @Override
    public HeadScan scan(String directory, Names names, Certainty certainty) {
        return new RecordScan(namespace
                .records()
                .scan(
                        names == Names.ALL
                                ? namespace.format().recordsIn(directory)
                                : namespace.format().longNamesIn(directory),
                        "objects",
                        certainty));
    }

    /** A write that records its version at all sites. */
    private final class RecordWrite implements Write {
        private final WriteTicket ticket;
        private RecordNamespace extended = namespace;

        RecordWrite(WriteTicket ticket) {
            this.ticket = ticket;
        }

        @Override
        public Target target() {
            return ticket.target();
        }

        @Override
        public Revision revision() {
            return ticket.revision();
        }

        /** How long a head may take to name them is bounded by the ticket's own deadline. */
        @Override
        public void slicesAppear() {}

        @Override
        public void extendedTo(Layout layout) {
            extended = namespace.under(layout);
        }

        @Override
        public boolean renew() throws IOException {
            return extended.records().renew(ticket);
        }

        @Override
        public WriteReport commit(RecordSet head, Hints hints) throws IOException {
            if (hints.kind() == RecordKind.TOMBSTONE && namespace.records().isDeleted(ticket)) {
                return WriteReport.NOTHING;
            }
            Map<String, String> missing = extended.records().commit(ticket, head, hints);
            new Extension(extended, target(), revision()).run();
            return new WriteReport(revision().writer().toString(), missing);
        }
    }

    /** The names that records show. */
    private final class RecordScan implements HeadScan {
        private final NameScan scan;

        RecordScan(NameScan scan) {
            this.scan = scan;
        }

        @Override
        public @Nullable Entry next() throws IOException {
            NameScan.Entry entry = scan.next();
            return entry == null
                    ? null
                    : new Entry(
                            entry.newest().name(),
                            entry.newest().hints(),
                            entry.newest().revision().writer(),
                            () -> namespace.records().open(entry));
        }

        @Override
        public boolean isBlank() {
            return scan.isBlank();
        }

        @Override
        public void skip(String directory) {
            scan.skip(directory);
        }

        @Override
        public boolean isProven() {
            return scan.isProven();
        }
    }
}
