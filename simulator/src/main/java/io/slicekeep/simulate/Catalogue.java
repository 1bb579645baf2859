package io.slicekeep.simulate;

import java.util.List;
import java.util.stream.Stream;

/**
 * Bugs against the rules of docs/PROTOCOLS.md as mistakes in the code of today, and some that the simulator found in it.
 * docs/RELIABILITY.md says what the others wait for.
 */
final class Catalogue {
    private static final String RECORD = "core/src/main/java/io/slicekeep/record/";
    private static final String OBJECT = "core/src/main/java/io/slicekeep/object/";
    private static final String DISPERSAL = "core/src/main/java/io/slicekeep/dispersal/";
    private static final String REGISTER = "core/src/main/java/io/slicekeep/register/";
    private static final String SIMULATOR = "testkit/src/main/java/io/slicekeep/testkit/simulator/";
    private static final String MEMBERSHIP = "core/src/main/java/io/slicekeep/membership/";
    private static final String SLICE = "erasure/src/main/java/io/slicekeep/erasure/slice/";

    /** Those that runs show. */
    static final List<PlantedBug> BUGS = List.of(
            PlantedBug.of(
                    "1",
                    "acknowledge at k",
                    RECORD + "Writing.java",
                    "return layout.quorums().written(standing);",
                    "return standing.size() >= layout.profile().dataSlices();"),
            PlantedBug.of(
                    "2",
                    "acknowledge at W - 1",
                    RECORD + "Writing.java",
                    "return layout.quorums().written(standing);",
                    "return standing.size() >= Math.max(1, layout.profile().writeQuorum() - 1);"),
            PlantedBug.of(
                    "3",
                    "head before slices",
                    OBJECT + "ObjectSink.java",
                    "        sink.commit();\n"
                            + "        return writer.write(write, new Content.Sliced(blob), Optional.empty(), sink.failures());",
                    "        WriteReport early = writer.write(write, new Content.Sliced(blob), Optional.empty(), Map.of());\n"
                            + "        sink.commit();\n        return early;"),
            PlantedBug.of(
                    "4",
                    "no write-back",
                    RECORD + "Reading.java",
                    "if (!another && !stands(standing)) {",
                    "if (!another && standing.isEmpty()) {"),
            PlantedBug.of(
                    "5",
                    "take the next older when fewer than k are seen",
                    RECORD + "Verdict.java",
                    "return enough ? new Current(revision, seen) : new Open(revision, seen);",
                    "if (enough) {\n                return new Current(revision, seen);\n            }"),
            PlantedBug.of(
                    "15",
                    "late record PUT",
                    RECORD + "RecordPut.java",
                    "if (deadline.passed()) {",
                    "if (deadline.atNanos() < 0) {"),
            PlantedBug.of(
                    "16",
                    "writer id reused after restart",
                    RECORD + "Records.java",
                    "new Revision(counter, WriterId.random(realm.means().random()), 0);",
                    "new Revision(counter, new WriterId(1, 1), 0);"),
            PlantedBug.of(
                            "17",
                            "new bytes under the same key",
                            RECORD + "Records.java",
                            "new Revision(counter, WriterId.random(realm.means().random()), 0);",
                            "new Revision(counter, new WriterId(1, 1), 0);")
                    .and("int attempt = RecordFormat.drawAttempt(realm.means().random());", "int attempt = 1;"),
            PlantedBug.of(
                    "20",
                    "listing page merged past an unfinished site",
                    RECORD + "SiteCursor.java",
                    "return keys.isEmpty() && !finished;",
                    "return keys.isEmpty() && !finished && last == null;"),
            PlantedBug.of(
                    "21",
                    "threshold without f",
                    DISPERSAL + "Profile.java",
                    "return sites() - writeQuorum() + 1 + faults;",
                    "return sites() - writeQuorum() + 1;"),
            PlantedBug.of(
                    "22",
                    "no LIST after the second PUT",
                    REGISTER + "Decision.java",
                    "blobs.listAfter(key, site.store());",
                    "List.of(key);"),
            PlantedBug.of(
                            "23",
                            "only the last operation kept, all others taken for not made",
                            REGISTER + "Contents.java",
                            "static final int WINDOW = 64;",
                            "static final int WINDOW = 1;")
                    .and(
                            "return version <= WINDOW || !Collections.disjoint(changes, attempt.changes());",
                            "return true;"),
            PlantedBug.of(
                    "25",
                    "a minority's accepted value is read",
                    REGISTER + "SiteAgreement.java",
                    "if (poll.decided(answer -> answer.endsWith(value))) {",
                    "if (value.isAccepted()) {"),
            PlantedBug.of(
                    "26",
                    "a wiped site counts as empty",
                    SIMULATOR + "SimulatedSite.java",
                    "return lost || nowNanos < awayUntilNanos;",
                    "return nowNanos < awayUntilNanos;"),
            PlantedBug.of(
                    "38",
                    "overwrite in place",
                    RECORD + "RecordFormat.java",
                    ".append(revision.versionText())\n                .append('.');",
                    ".append(new Revision(0, WriterId.NONE, 0).versionText())\n                .append('.');"),
            PlantedBug.of(
                    "39",
                    "what stragglers did not bring is never rebuilt",
                    OBJECT + "SliceRepair.java",
                    "if (why instanceof BlobNotFoundException) {",
                    "if (why instanceof BlobNotFoundException && site < 0) {"),
            PlantedBug.of(
                            "41",
                            "hedged read's loser overwrites the buffer",
                            SLICE + "Reading.java",
                            "if (stored.hold()) {",
                            "if (read.open()) {")
                    .and("stored.release();", ""),
            PlantedBug.of(
                    "59",
                    "a collector takes the newest that it sees for the one that stands",
                    OBJECT + "OldVersions.java",
                    ".filter(listed -> namespace.layout().quorums().written(inventory.showing(listed.revision())))",
                    ""),
            PlantedBug.of(
                    "65",
                    "a repair leaves bad copies of records where good ones were put",
                    OBJECT + "ObjectRepairer.java",
                    "pending.putAll(Deletion.run(namespace, rotten));",
                    ""),
            PlantedBug.of(
                    "68",
                    "a register's value that is not served is taken for none",
                    REGISTER + "SiteAgreement.java",
                    "if (contents.isPresent() || !poll.undecided(value)) {",
                    "if (contents.isPresent()) {"),
            PlantedBug.of(
                            "80",
                            "a condition is judged by a read before the change",
                            OBJECT + "RegisterWrite.java",
                            "return condition.holds(etag) && !pointless",
                            "return !pointless")
                    .and("        Register.Settled settled = settle(HeadValue.of(head, hints), hints.kind());\n", """
                                    State before = namespace.register(target.name()).read();
                                    if (!condition.holds(etag(before))) {
                                        return declined(before);
                                    }
                                    Register.Settled settled = settle(HeadValue.of(head, hints), hints.kind());
                            """)
                    .inConditionalNamespaces(),
            PlantedBug.of(
                    "42",
                    "a stale configuration is accepted",
                    MEMBERSHIP + "Membership.java",
                    "return isValid(last) ? last.layout() : read().layout();",
                    "return last.layout();"),
            PlantedBug.of(
                    "43",
                    "while a site is replaced only the members after count",
                    DISPERSAL + "Quorums.java",
                    "return new Quorums(List.copyOf(counts));",
                    "return new Quorums(List.of(Count.of(next, after)));"),
            PlantedBug.of(
                    "44",
                    "absent by one count only",
                    DISPERSAL + "Quorums.java",
                    "return byAll(count -> count.of(lacking) >= count.absent - Math.min(count.faults, count.of(faulty)));",
                    "return counts.stream().anyMatch(count -> count.of(lacking) >= count.absent - Math.min(count.faults, count.of(faulty)));"),
            PlantedBug.of(
                    "46",
                    "the next configuration is decided before all is copied",
                    MEMBERSHIP + "MembershipChange.java",
                    "        copying.copyUnder(joint.layout());\n",
                    ""),
            PlantedBug.of(
                    "71",
                    "who replaces a site does not wait for leases",
                    MEMBERSHIP + "MembershipChange.java",
                    "        membership.search().means().tasks().pause(wait);\n",
                    ""),
            PlantedBug.of(
                    "33",
                    "who has no keys deletes what is rotten",
                    "core/src/main/java/io/slicekeep/scrub/Scrub.java",
                    "            return UnprovenRecords.read(source, site.slice());",
                    """
                                try {
                                    return UnprovenRecords.read(source, site.slice());
                                } catch (io.slicekeep.error.FormatException e) {
                                    site.store().delete(key);
                                    throw e;
                                }\
                    """));

    /** Those that nothing shows yet: {@code --only} looks for them. */
    static final List<PlantedBug> UNSEEN = List.of(
            PlantedBug.of(
                    "67",
                    "a register's listing is believed that ran while it was changed",
                    REGISTER + "RegisterBlobs.java",
                    "            if (stands(highest.get(), store)) {",
                    "            if (!keys.isEmpty()) {"),
            PlantedBug.of(
                    "63",
                    "a repair deletes what is wrong and does not decrypt the rest first",
                    OBJECT + "SliceRepair.java",
                    "others.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));",
                    "others.length();"),
            PlantedBug.of(
                    "64",
                    "a repair takes a site that cannot be reached for one that lacks a slice",
                    OBJECT + "SliceRepair.java",
                    "if (why instanceof BlobNotFoundException) {",
                    "if (site >= 0) {"),
            PlantedBug.of(
                    "66",
                    "a shred does not wait until its tombstone stands",
                    OBJECT + "ObjectShredder.java",
                    "if (!stood) {",
                    "if (inventory.sites().isEmpty()) {"));

    private Catalogue() {}

    /** Returns those that something shows. */
    static List<PlantedBug> shown() {
        return Stream.concat(BUGS.stream(), HeldByTests.BUGS.stream()).toList();
    }

    static List<PlantedBug> all() {
        return Stream.concat(shown().stream(), UNSEEN.stream()).toList();
    }
}
