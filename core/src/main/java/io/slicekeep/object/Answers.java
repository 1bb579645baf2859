package io.slicekeep.object;

import io.slicekeep.error.UnavailableException;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all sites answered to one question.
 *
 * @param given the answers, by the indexes of the sites
 * @param failures why the other sites gave none
 */
record Answers<T>(Map<Integer, T> given, Map<Integer, IOException> failures) {
    /** What each site is asked. */
    interface Question<T> {
        T ask(Site site) throws IOException;
    }

    /** Asks all sites at a time; those that have not answered after the patience for one step have failed. */
    static <T> Answers<T> of(Namespace namespace, Question<T> question) throws IOException {
        Map<Integer, T> given = new TreeMap<>();
        Map<Integer, IOException> failures = new TreeMap<>();
        try (TaskGroup<T> group = namespace.tasks().group()) {
            for (Site site : namespace.layout().sites()) {
                failures.put(site.index(), new UnavailableException("has not answered in time"));
                group.fork(site.index(), () -> question.ask(site));
            }
            Deadline deadline = namespace
                    .tasks()
                    .deadline(namespace.facilities().timing().patience().siteTimeout());
            for (Outcome<T> outcome = group.next(deadline); outcome != null; outcome = group.next(deadline)) {
                IOException failure = outcome.failure();
                if (failure != null) {
                    failures.put(outcome.index(), failure);
                } else {
                    failures.remove(outcome.index());
                    given.put(outcome.index(), outcome.get());
                }
            }
        }
        return new Answers<>(given, failures);
    }
}
