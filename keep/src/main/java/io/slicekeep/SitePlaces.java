package io.slicekeep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where sites may lie, and how the keep file writes it. */
final class SitePlaces {
    private SitePlaces() {}

    /** Refuses sites that share a directory, lie within one another, or would hold the keep file. */
    static void requireApart(Path keepFile, List<SitePath> sites) throws IOException {
        List<String> problems = new ArrayList<>();
        Path file = real(keepFile);
        for (int i = 0; i < sites.size(); i++) {
            SitePath site = sites.get(i);
            if (file.startsWith(real(site.directory()))) {
                problems.add("the keep file would lie within site " + site.name() + "; put it elsewhere");
            }
            for (SitePath other : sites.subList(0, i)) {
                problems.addAll(overlap(other, site));
            }
        }
        if (!problems.isEmpty()) {
            throw new SetupException("these sites cannot be used", problems);
        }
    }

    /** Returns the path for the keep file: relative if the site moves along with it, else absolute. */
    static String text(Path keepFile, Path directory) {
        Path site = directory.toAbsolutePath().normalize();
        Path home = keepFile.toAbsolutePath().normalize().getParent();
        if (home == null || home.getParent() == null || !site.startsWith(home)) {
            return site.toString();
        }
        return home.relativize(site).toString();
    }

    private static List<String> overlap(SitePath first, SitePath second) throws IOException {
        Path one = real(first.directory());
        Path two = real(second.directory());
        if (one.equals(two)) {
            return List.of(first.name() + " and " + second.name() + " are the same directory, " + one
                    + "; each site needs one of its own, on a disk of its own");
        }
        if (two.startsWith(one)) {
            return List.of(second.name() + " (" + two + ") lies within " + first.name() + " (" + one + ")");
        }
        if (one.startsWith(two)) {
            return List.of(first.name() + " (" + one + ") lies within " + second.name() + " (" + two + ")");
        }
        return List.of();
    }

    /** Returns the path without links, as far as it exists. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }
}
