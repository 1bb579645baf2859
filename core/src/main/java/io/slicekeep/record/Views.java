package io.slicekeep.record;

import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the sites that answered list of one name, and why the others did not. Confined to one thread at a time. */
final class Views {
    private final List<Site> sites;
    private final Map<Integer, SiteView> answers = new TreeMap<>();
    private final Map<Integer, IOException> failures = new HashMap<>();

    Views(List<Site> sites) {
        this.sites = sites;
    }

    void add(SiteView view) {
        answers.put(view.site(), view);
    }

    void addFailure(int site, IOException failure) {
        failures.put(site, failure);
    }

    Collection<SiteView> answers() {
        return Collections.unmodifiableCollection(answers.values());
    }

    int answerCount() {
        return answers.size();
    }

    /** Returns the sites that answered. */
    Set<Integer> answering() {
        return Collections.unmodifiableSet(answers.keySet());
    }

    int failureCount() {
        return failures.size();
    }

    /** Tells whether every site has answered or failed. */
    boolean complete() {
        return answers.size() + failures.size() == sites.size();
    }

    Optional<SiteView> of(int site) {
        return Optional.ofNullable(answers.get(site));
    }

    /** Tells whether no answer is cut short. */
    boolean whole() {
        return answers.values().stream().allMatch(SiteView::whole);
    }

    /** Returns every revision that any site shows, newest first. */
    List<Revision> revisions() {
        return answers.values().stream()
                .flatMap(view -> view.records().stream())
                .map(ListedRecord::revision)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    Optional<Revision> newest() {
        return answers.values().stream().flatMap(view -> view.newest().stream()).max(Comparator.naturalOrder());
    }

    /** Returns the sites that show a revision, in order of their indexes. */
    List<Integer> showing(Revision revision) {
        return answers.values().stream()
                .filter(view -> view.shows(revision))
                .map(SiteView::site)
                .toList();
    }

    /** Returns the sites that lack a revision, in order of their indexes. */
    List<Integer> lacking(Revision revision) {
        return answers.values().stream()
                .filter(view -> view.lacks(revision))
                .map(SiteView::site)
                .toList();
    }

    /** Returns the sites whose listing goes back to a revision and does not show it. */
    List<Integer> notShowing(Revision revision) {
        return answers.values().stream()
                .filter(view -> view.lacks(revision) || (view.reaches(revision) && !view.shows(revision)))
                .map(SiteView::site)
                .toList();
    }

    /** Tells whether a site shows a revision beside a note that it is final. */
    boolean isNoted(Revision revision) {
        return answers.values().stream().anyMatch(view -> view.notes(revision));
    }

    /**
     * Returns the keys that a revision has at a site or, if the site was not listed, may have there: those that it has at the
     * others.
     */
    List<ListedRecord> attemptsAt(Revision revision, int site) {
        SiteView listed = answers.get(site);
        return listed != null
                ? listed.attemptsAt(revision)
                : answers.values().stream()
                        .flatMap(view -> view.attemptsAt(revision).stream())
                        .distinct()
                        .toList();
    }

    /** Returns the hints of a revision that some site shows: they are genuine, so all sites' agree. */
    Hints hints(Revision revision) {
        return answers.values().stream()
                .flatMap(view -> view.attemptsAt(revision).stream())
                .map(ListedRecord::hints)
                .findFirst()
                .orElseThrow();
    }

    /** Returns why each site that did not answer did not: its name to the reason. */
    Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        for (Site site : sites) {
            if (!answers.containsKey(site.index())) {
                reasons.put(site.name(), Reasons.of(failures.get(site.index())));
            }
        }
        return reasons;
    }

    /** Returns a line for each site that is not among those that did their part. */
    List<String> without(Set<Integer> good) {
        Map<String, String> reasons = reasons();
        return sites.stream()
                .filter(site -> !good.contains(site.index()))
                .map(site -> site.name() + ": " + reasons.getOrDefault(site.name(), "its copy is missing or bad"))
                .toList();
    }

    /** Requires that enough sites answered. */
    void require(Certainty certainty, Realm realm, Target target, String purpose) throws UnavailableException {
        if (!realm.enough(certainty, answering())) {
            throw new UnavailableException(answers.size() + " of " + sites.size() + " sites answered, "
                    + realm.wanted(certainty) + " must answer to " + purpose + " " + target + ": "
                    + Reasons.joined(reasons()));
        }
    }

    List<Site> sites() {
        return new ArrayList<>(sites);
    }
}
