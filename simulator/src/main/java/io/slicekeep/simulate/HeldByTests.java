package io.slicekeep.simulate;

import java.util.List;

/** Bugs of the same list as {@link Catalogue}'s that no run shows soon enough, each with the test that does. */
final class HeldByTests {
    private static final String RECORD = "core/src/main/java/io/slicekeep/record/";
    private static final String OBJECT = "core/src/main/java/io/slicekeep/object/";
    private static final String CHUNK = "core/src/main/java/io/slicekeep/chunk/";
    private static final String DISPERSAL = "core/src/main/java/io/slicekeep/dispersal/";
    private static final String REGISTER = "core/src/main/java/io/slicekeep/register/";

    /** Those that tests show, for no run has within a thousand seeds. */
    static final List<PlantedBug> BUGS = List.of(
            PlantedBug.of(
                            "6",
                            "a site that shows only newer ones counts as lacking an older one",
                            RECORD + "Verdict.java",
                            "without(caught.at(revision), views.lacking(revision));",
                            "without(caught.at(revision), views.notShowing(revision));")
                    .shownBy("io.slicekeep.record.VerdictTest#aSiteThatShowsOnlyNewerOnesDoesNotLackTheOlder"),
            PlantedBug.of(
                            "7",
                            "delete an old revision where the newer does not stand",
                            OBJECT + "GarbageCollection.java",
                            "if (!older.isEmpty() && atSite.attemptsAt(standing).isEmpty()) {",
                            "if (older.size() < 0) {")
                    .shownBy("io.slicekeep.objects.GarbageTest#aSiteThatLacksTheNewerVersionKeepsTheOlder"),
            PlantedBug.of(
                            "8",
                            "delete an old revision within D",
                            OBJECT + "GarbageCollection.java",
                            "pause(deadline(), batch.size());",
                            "")
                    .shownBy("io.slicekeep.objects.GarbageTest#whoeverReadsHasTheDeadlineToEnd"),
            PlantedBug.of(
                            "9",
                            "slices before record on deletion",
                            OBJECT + "OldVersions.java",
                            "        return keys;",
                            "        java.util.Collections.reverse(keys);\n        return keys;")
                    .shownBy("io.slicekeep.objects.ProtocolTest#shreddingWaitsOutReadersAndThenLeavesOnlyTheTombstone"),
            PlantedBug.of(
                            "10",
                            "one copy is enough though f = 1",
                            RECORD + "Verdict.java",
                            "hints.dataSlices() : layout.faults() + 1;",
                            "hints.dataSlices() : 1;")
                    .shownBy("io.slicekeep.record.VerdictTest#oneCopyIsNotEnoughWhereOneSiteMayLie"),
            PlantedBug.of(
                            "11",
                            "a replayed noted head is believed after a purge",
                            RECORD + "Verdict.java",
                            "views.isNoted(newest.get()) && layout.quorums().believed(seen);",
                            "views.isNoted(newest.get());")
                    .shownBy("io.slicekeep.objects.NotesTest#aNotedRecordThatOneSiteReplaysAfterAPurgeIsNotBelieved"),
            PlantedBug.of(
                            "12",
                            "note before W",
                            RECORD + "Records.java",
                            "Map<String, String> missing = writing.run();",
                            "realm.notes().put(realm, ticket.target().name(), ticket.revision(), realm.layout().sites().stream().map(Site::index).toList());\n        Map<String, String> missing = writing.run();")
                    .shownBy("io.slicekeep.objects.NotesTest#whatWasNotAcknowledgedIsNotNoted"),
            PlantedBug.of(
                            "13",
                            "purge with a site away",
                            OBJECT + "GarbageCollection.java",
                            "return keys.size() == namespace.layout().sites().size() ? keys : Map.of();",
                            "return keys;")
                    .and("&& kept.isEmpty() && inventory.failures().isEmpty()) {", ") {")
                    .and(
                            "if (unfinished.isWhole()) {\n            pause(grace(), names);\n            unfinished.end();\n        }",
                            "pause(grace(), names);\n        unfinished.end();")
                    .and("return unfinished.isWhole();", "return true;")
                    .shownBy("io.slicekeep.objects.GarbageTest#nothingIsForgottenWhileASiteIsAway"),
            PlantedBug.of(
                            "14",
                            "purge ahead of the clock",
                            OBJECT + "GarbageCollection.java",
                            "if (!keys.isEmpty() && isOld(grave.getValue())) {",
                            "if (!keys.isEmpty()) {")
                    .shownBy("io.slicekeep.objects.GarbageTest#aTombstoneFromAheadOfTheClockStays"),
            PlantedBug.of(
                            "24",
                            "plain majority with f = 1",
                            DISPERSAL + "Profile.java",
                            "return (sites + faults + 2) / 2;",
                            "return sites / 2 + 1;")
                    .shownBy(
                            "io.slicekeep.dispersal.QuorumsTest#setsThatDecideMeetAndTellThemselvesFromWhatIsUndecided"),
            PlantedBug.of(
                            "27",
                            "orphans are deleted at one look",
                            OBJECT + "Orphans.java",
                            "if (!suspects.isEmpty() && wait.forBlobs(suspects.size())) {",
                            "if (!suspects.isEmpty()) {")
                    .shownBy("io.slicekeep.objects.GarbageTest#aPutWithAWrongClockIsNotTakenForGarbage"),
            PlantedBug.of(
                            "31",
                            "a put that took too long is recorded nevertheless",
                            RECORD + "Records.java",
                            "if (ticket.uploadEnd().passed()) {",
                            "if (ticket.uploadEnd().atNanos() < 0) {")
                    .shownBy("io.slicekeep.objects.GarbageTest#aPutThatTakesTooLongIsNotRecorded"),
            PlantedBug.of(
                            "34",
                            "blame from a rebuilt cell",
                            "erasure/src/main/java/io/slicekeep/erasure/slice/Blame.java",
                            "        loaded.present.stream()\n                .filter(cell -> !cell(slab",
                            "        java.util.stream.IntStream.range(0, reading.slices().count())\n                .filter(cell -> !cell(slab")
                    .shownBy("io.slicekeep.erasure.SlicedDispersalBlameTest#sitesWhoseCellsAreNotAtHandAreNotBlamed"),
            PlantedBug.of(
                            "35",
                            "the header's blob id is believed",
                            "erasure/src/main/java/io/slicekeep/erasure/slice/SliceReader.java",
                            "require(found.blobId().equals(expected.blobId()), \"is of blob \" + found.blobId());",
                            "expected = new SliceHeader(expected.dataSlices(), expected.index(), found.blobId(), expected.epoch());")
                    .and("    private final SliceHeader expected;", "    private SliceHeader expected;")
                    .shownBy("io.slicekeep.erasure.SlicedDispersalDamageTest#slicesOfAnotherBlobAreRefused"),
            PlantedBug.of(
                            "40",
                            "directory not synced",
                            "core/src/main/java/io/slicekeep/store/DirectoryCommit.java",
                            "syncs.afterChange(layout.directoryOf(key));",
                            "files.length(layout.file(key));")
                    .shownBy(
                            "io.slicekeep.testkit.DirectoryStorePowerCutTest#whatWasAcknowledgedOrShownSurvivesAPowerCut"),
            PlantedBug.of(
                            "70",
                            "the newest that few sites show is believed without a note",
                            RECORD + "Verdict.java",
                            "views.isNoted(newest.get()) && layout.quorums().believed(seen);",
                            "layout.quorums().believed(seen);")
                    .shownBy("io.slicekeep.record.VerdictTest#fewSitesTellWhatIsNoted"),
            PlantedBug.of(
                            "81",
                            "a put that took too long names its slices nevertheless",
                            OBJECT + "RegisterWrite.java",
                            "&& !pointless && !deadline.passed();",
                            "&& !pointless;")
                    .inConditionalNamespaces()
                    .shownBy("io.slicekeep.objects.ConditionalUpkeepTest#aPutThatComesBackAfterACollectionFails"),
            PlantedBug.of(
                            "82",
                            "a collector does not have the register decided before it deletes",
                            OBJECT + "UnreachedSlices.java",
                            "namespace.register(name).update(current -> Optional.empty()).state();",
                            "namespace.register(name).read();")
                    .inConditionalNamespaces()
                    .shownBy(
                            "io.slicekeep.objects.ConditionalUpkeepTest#aHeadThatReachesTheSitesAfterACollectionIsNotDecided"),
            PlantedBug.of(
                            "45",
                            "the lease is checked before the puts only",
                            OBJECT + "Extension.java",
                            "while (!now.agreesWith(before)) {",
                            "while (now.layout().sites().isEmpty()) {")
                    .shownBy("io.slicekeep.objects.ChangingLayoutTest#aWriteIsExtendedBeforeItIsAcknowledged"),
            PlantedBug.of(
                            "69",
                            "a collector leaves tombstones incomplete",
                            OBJECT + "GarbageCollection.java",
                            "if (standing.hints().kind() == RecordKind.TOMBSTONE) {",
                            "if (standing.hints().kind() == RecordKind.TOMBSTONE && name == null) {")
                    .shownBy("io.slicekeep.objects.GarbageTest#aSiteThatMissedADeletionIsTold"),
            PlantedBug.of(
                            "36",
                            "tag check skipped",
                            CHUNK + "ChunkOpener.java",
                            "        try {\n            cipher.process(chunkIndex, sealed, plaintext);",
                            """
                            try {
                                if (chunkBytes > 0) {
                                    byte[] nonce = java.util.Arrays.copyOf(new byte[0], 16);
                                    keys.nonce(chunkIndex, nonce);
                                    nonce[15] = 2;
                                    Cipher ctr = Cipher.getInstance("AES/CTR/NoPadding");
                                    ctr.init(Cipher.DECRYPT_MODE, keys.key(), new javax.crypto.spec.IvParameterSpec(nonce));
                                    byte[] opened = ctr.doFinal(sealed.array(), sealed.arrayOffset() + sealed.position(), chunkBytes);
                                    sealed.position(sealed.limit());
                                    plaintext.put(opened);
                                    return;
                                }
                            } catch (java.security.GeneralSecurityException e) {
                                throw refused(chunkIndex);
                            }
                            try {
                                cipher.process(chunkIndex, sealed, plaintext);\
                            """)
                    .and(
                            "    private final Object blob;",
                            "    private final Object blob;\n    private final ChunkKeys keys;")
                    .and("        this.blob = blob;", "        this.blob = blob;\n        this.keys = keys;")
                    .shownBy("io.slicekeep.objects.LiarTest#oneSiteThatForgesItsSliceIsFoundOutAndLeftOut"),
            PlantedBug.of(
                            "58",
                            "a caught site lowers the threshold and counts as lacking too",
                            RECORD + "Verdict.java",
                            "without(caught.at(revision), views.notShowing(revision));",
                            "views.notShowing(revision);")
                    .and("without(caught.at(revision), views.lacking(revision));", "views.lacking(revision);")
                    .shownBy("io.slicekeep.record.VerdictTest#aSiteThatWasCaughtAndThenHidesDoesNotCountTwice"),
            PlantedBug.of(
                            "72",
                            "a register's reader lists once",
                            REGISTER + "RegisterBlobs.java",
                            "            List<RegisterKey> keys = list(store);\n            Optional<RegisterKey> value",
                            "            List<RegisterKey> keys = earlier.isEmpty() ? list(store) : earlier;\n            Optional<RegisterKey> value")
                    .shownBy(
                            "io.slicekeep.testkit.RegisterOutcomesTest#aListingThatMissesAHigherBidIsNotTakenForADecision"),
            PlantedBug.of(
                            "73",
                            "what one store decided is not listed again after it was read",
                            REGISTER + "StoreAgreement.java",
                            "next.equals(Optional.of(round.ballot().number()))",
                            "next.isPresent()")
                    .shownBy("io.slicekeep.testkit.RegisterOutcomesTest#aCreationThatComesLateIsNotRead"),
            PlantedBug.of(
                            "74",
                            "a register's value that stands counts as never put if nobody can confirm the sites",
                            REGISTER + "SiteAgreement.java",
                            "throw new OutcomeUnknownException(Reasons.of(e), e);",
                            "throw e;")
                    .shownBy("io.slicekeep.objects.ChangingLayoutTest#aWriteThatFailsForCertainWasNotMade"),
            PlantedBug.of(
                            "75",
                            "a conditional put's slices do not stand at all sites that decide its head",
                            OBJECT + "RegisterWrite.java",
                            "if (!now.agreesWith(namespace)) {",
                            "if (!now.agreesWith(namespace) && deadline.passed()) {")
                    .shownBy("io.slicekeep.objects.ChangingLayoutTest#aConditionalHeadIsDecidedWhereItsSlicesStand"),
            PlantedBug.of(
                            "76",
                            "a register's reader does not make sure that the value which he saw still stands",
                            REGISTER + "RegisterBlobs.java",
                            " && (value.isEmpty() || stands(value.get(), store))",
                            "")
                    .shownBy(
                            "io.slicekeep.testkit.RegisterOutcomesTest#aListingThatMissesWhatIsDecidedMeanwhileIsNotTakenForADecision"),
            PlantedBug.of(
                            "77",
                            "who decides a register's value anew deletes the one before",
                            REGISTER + "SiteAgreement.java",
                            "contents.equals(found.contents()) ? found.ballot() : ballot",
                            "contents.equals(Contents.NOTHING) ? found.ballot() : ballot")
                    .shownBy("io.slicekeep.testkit.RegisterOutcomesTest#whatIsDecidedAnewIsListedAllTheTime"),
            PlantedBug.of(
                            "57",
                            "slices of the former placement are deleted before the new head is final",
                            OBJECT + "NamespaceObjects.java",
                            "if (now.layout().reslices()) {",
                            "if (now.layout().epoch() < 0) {")
                    .shownBy("io.slicekeep.objects.ReslicingTest#whatWasBeforeIsTakenAwayWhenItIsOver"),
            PlantedBug.of(
                            "83",
                            "what is of a former k is judged by both counts",
                            "core/src/main/java/io/slicekeep/dispersal/Quorums.java",
                            "return own.isEmpty() ? this : new Quorums(own);",
                            "return own.isEmpty() ? this : this;")
                    .shownBy("io.slicekeep.objects.ReslicingTest#whatDiedHalfWayIsForgotten"),
            PlantedBug.of(
                            "84",
                            "a reader writes back what is of a former k and stands on too few sites",
                            RECORD + "Reading.java",
                            "if (former && !stands && !formerAsItIs) {",
                            "if (former && !stands && current.seen().isEmpty()) {")
                    .shownBy(
                            "io.slicekeep.objects.ReslicingTest#whatIsReadOfTheFormerProfileIsSlicedAnewUnlessItStands"),
            PlantedBug.of(
                            "85",
                            "what died of a former k is not taken away",
                            OBJECT + "RecordUpkeep.java",
                            "            if (namespace.layout().reslices()) {\n                forgetFormerAbove(",
                            "            if (namespace.layout().epoch() < 0) {\n                forgetFormerAbove(")
                    .shownBy("io.slicekeep.objects.ReslicingTest#whatDiedHalfWayIsForgotten"),
            PlantedBug.of(
                            "86",
                            "a head is put whose slices are of a former k",
                            OBJECT + "HeadWriter.java",
                            "content instanceof Content.Stored && placement.dataSlices() != dataSlices",
                            "content instanceof Content.Stored && placement.dataSlices() < 0")
                    .shownBy("io.slicekeep.objects.ReslicingTest#aPutThatIsUnderWayIsOfOneProfile"),
            PlantedBug.of(
                            "87",
                            "sites that were never in force hide what those in force have decided",
                            "core/src/main/java/io/slicekeep/membership/ConfigurationRegister.java",
                            "if (held.epoch() > own.epoch() + 1) {",
                            "if (held.epoch() < 0) {")
                    .shownBy(
                            "io.slicekeep.membership.ConfigurationRegisterTest#sitesThatWereNeverInForceAndAgreeHideNothing"),
            PlantedBug.of(
                            "88",
                            "a configuration that was only seen is kept when another one is proven",
                            "core/src/main/java/io/slicekeep/membership/Membership.java",
                            "read.epoch() > newest.epoch() || !newest.found().proven();",
                            "read.epoch() > newest.epoch();")
                    .shownBy("io.slicekeep.membership.SuccessionTest#whatIsInForceTakesThePlaceOfWhatIsOnlyProposed"),
            PlantedBug.of(
                            "89",
                            "a copy is not replaced by one whose key is drawn the same",
                            RECORD + "WriteBack.java",
                            "return second.stage(site);",
                            "throw e;")
                    .shownBy("io.slicekeep.objects.RepairTest#aSpoiltCopyWhoseNumberIsDrawnAgainIsReplaced"),
            PlantedBug.of(
                            "90",
                            "a put gets more time than was left when it made sure of the layout",
                            OBJECT + "HeadWriter.java",
                            "} while (write.renew());",
                            "} while (write.renew() && standing.layout().epoch() < 0);")
                    .shownBy("io.slicekeep.objects.FormerPutsTest#aPutThatSleepsBeforeItsRecordsLooksAgain"),
            PlantedBug.of(
                            "91",
                            "a site that did not tell what is being put is taken to have ended it",
                            OBJECT + "UnfinishedRecords.java",
                            "Set<String> before = seen.get(site);",
                            "Set<String> before = seen.getOrDefault(site, Set.of());")
                    .shownBy("io.slicekeep.objects.FormerPutsTest#sitesThatDoNotTellWhatIsBeingPutAreNotCounted"),
            PlantedBug.of(
                            "92",
                            "what is being put is looked at before all of it has begun",
                            OBJECT + "FormerPuts.java",
                            "joint.tasks().pause(deadline);",
                            "joint.tasks().pause(deadline.minus(deadline));")
                    .shownBy("io.slicekeep.objects.FormerPutsTest#aPutThatSendsItsRecordsAfterTheChangeBeganIsEnded"),
            PlantedBug.of(
                            "93",
                            "a site that is not asked is taken to have nothing",
                            "core/src/main/java/io/slicekeep/dispersal/Layout.java",
                            "return with(away, new AwayStore(reason));",
                            "return with(away, AwayStore.leftOut(reason));")
                    .shownBy("io.slicekeep.objects.FormerPutsTest#oneSiteThatCannotEndThemIsNoHindrance"),
            PlantedBug.of(
                            "94",
                            "R sites without a dead put of the former k are enough",
                            OBJECT + "RecordUpkeep.java",
                            "layout.quorums().outweigh(clean)",
                            "layout.quorums().answered(clean)")
                    .shownBy("io.slicekeep.objects.ReslicingTest#whatDiedWhereNobodyCanLookStopsTheChange"),
            PlantedBug.of(
                            "95",
                            "f changes so much that too few copies are met",
                            "core/src/main/java/io/slicekeep/dispersal/Quorums.java",
                            "if (met <= other.faults()) {",
                            "if (met < 0) {")
                    .shownBy("io.slicekeep.dispersal.QuorumsTest#anFOfWhichTooFewCopiesAreMetIsRefused"));

    private HeldByTests() {}
}
