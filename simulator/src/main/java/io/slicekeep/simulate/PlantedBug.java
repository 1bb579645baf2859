package io.slicekeep.simulate;

import io.slicekeep.object.NamespaceMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mistake that somebody might make: the text of a production class with something replaced. The production tree knows
 * nothing of it. Immutable.
 *
 * @param number as tests and docs/RELIABILITY.md call it
 * @param words what the mistake is
 * @param source the class, as a path in the project
 * @param changes what is replaced in it
 * @param mode of the namespaces in which it shows
 * @param test what shows it where no run does, as class#method; empty if runs do
 */
record PlantedBug(String number, String words, String source, List<Change> changes, NamespaceMode mode, String test) {
    PlantedBug {
        changes = List.copyOf(changes);
    }

    /**
     * One replacement.
     *
     * @param original stands in the class exactly once
     * @param mistaken stands there instead
     */
    record Change(String original, String mistaken) {}

    static PlantedBug of(String number, String words, String source, String original, String mistaken) {
        return new PlantedBug(number, words, source, List.of(new Change(original, mistaken)), NamespaceMode.LWW, "");
    }

    PlantedBug and(String original, String mistaken) {
        List<Change> more = new ArrayList<>(changes);
        more.add(new Change(original, mistaken));
        return new PlantedBug(number, words, source, more, mode, test);
    }

    /** Returns the same bug, to be looked for where namespaces are conditional. */
    PlantedBug inConditionalNamespaces() {
        return new PlantedBug(number, words, source, changes, NamespaceMode.CONDITIONAL, test);
    }

    /** Returns the same bug, that a test shows. */
    PlantedBug shownBy(String test) {
        return new PlantedBug(number, words, source, changes, mode, test);
    }

    /** Returns the class with the mistake in it. */
    String plantedIn(Path project) throws IOException {
        String text = Files.readString(project.resolve(source));
        for (Change change : changes) {
            int at = text.indexOf(change.original());
            if (at < 0 || text.indexOf(change.original(), at + 1) >= 0) {
                throw new IllegalStateException("planted bug " + number + " no longer fits: in " + source
                        + " there must be exactly one: " + change.original());
            }
            text = text.replace(change.original(), change.mistaken());
        }
        return text;
    }
}
