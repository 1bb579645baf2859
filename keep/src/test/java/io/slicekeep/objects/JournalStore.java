package io.slicekeep.objects;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.testkit.ForwardingSink;
import io.slicekeep.testkit.ForwardingStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes down what becomes visible and what is deleted at a site, in order, in a journal shared by all sites. */
final class JournalStore extends ForwardingStore {
    /** One line of the journal. */
    record Line(int site, String call, BlobKey key, long atNanos) {
        boolean isRecord() {
            return key.value().contains("/h/") && !isNote();
        }

        /** Returns the inverse counter in the key. */
        String counter() {
            int revision = key.value().indexOf('!') + 1;
            return key.value().substring(revision, revision + 11);
        }

        boolean isNote() {
            return key.value().contains("!ok!");
        }
    }

    private final int site;
    private final List<Line> journal;
    private final LongSupplier clock;

    JournalStore(BlobStore below, int site, List<Line> journal, LongSupplier clock) {
        super(below);
        this.site = site;
        this.journal = journal;
        this.clock = clock;
    }

    static List<Line> newJournal() {
        return new ArrayList<>();
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        return new Sink(key, super.create(key));
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        super.delete(key);
        log("delete", key);
    }

    private void log(String call, BlobKey key) {
        synchronized (journal) {
            journal.add(new Line(site, call, key, clock.getAsLong()));
        }
    }

    private final class Sink extends ForwardingSink {
        private final BlobKey key;

        Sink(BlobKey key, BlobSink below) {
            super(below);
            this.key = key;
        }

        @Override
        public void commit() throws IOException {
            super.commit();
            log("commit", key);
        }
    }
}
