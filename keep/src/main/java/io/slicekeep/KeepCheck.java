package io.slicekeep;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the sites of a keep are together. */
final class KeepCheck {
    private static final String KEEP = "keep";

    private KeepCheck() {}

    static List<Finding> all(Configuration configuration, List<Standing> standings) {
        List<Finding> findings = new ArrayList<>();
        List<Standing> members = standings.subList(0, configuration.profile().sites());
        int next = configuration
                .transition()
                .map(change -> change.profile().dataSlices())
                .orElse(0);
        findings.add(
                there(configuration.profile(), Math.max(configuration.profile().dataSlices(), next), members));
        configuration
                .transition()
                .ifPresent(change -> findings.add(unfinished(Standings.state(configuration, change))));
        findings.addAll(together(members));
        return findings;
    }

    private static Finding there(Profile profile, int dataSlices, List<Standing> members) {
        long there = members.stream().filter(Standing::present).count();
        String message = there + " of " + members.size() + " sites are there, profile " + profile;
        if (there == members.size()) {
            return Finding.ok(KEEP, "sites", message);
        }
        String remedy = "bring back the sites below, then run 'slicekeep repair'; or replace what is lost: 'slicekeep"
                + " site replace --lost NAME DIRECTORY'";
        if (there >= Math.max(profile.readQuorum(), profile.writeQuorum())) {
            return Finding.warning(KEEP, "sites", message + ": reads and writes work, with less redundancy", remedy);
        }
        String works = there >= dataSlices ? "only reads that may be stale work" : "nothing can be read";
        return Finding.problem(KEEP, "sites", message + ": " + works, remedy);
    }

    private static Finding unfinished(KeepDescription.ChangeState change) {
        String what = change.what();
        return Finding.warning(
                KEEP,
                "change",
                Character.toLowerCase(what.charAt(0)) + what.substring(1),
                "unless a process is at it: slicekeep " + change.command());
    }

    /** Warns of sites that are on one file system, and so are lost together. */
    private static List<Finding> together(List<Standing> members) {
        Map<Object, List<String>> byDevice = new TreeMap<>();
        for (Standing member : members) {
            if (member.present()) {
                device(Path.of(member.address()), byDevice).add(member.name());
            }
        }
        return byDevice.values().stream()
                .filter(sites -> sites.size() > 1)
                .map(sites -> Finding.warning(
                        KEEP,
                        "disks",
                        "sites " + sites.stream().collect(Collectors.joining(", "))
                                + " are on one file system, and are lost together",
                        "give each a disk of its own: 'slicekeep site replace NAME DIRECTORY'"))
                .toList();
    }

    private static List<String> device(Path directory, Map<Object, List<String>> byDevice) {
        String device;
        try {
            device = String.valueOf(Files.getAttribute(directory, "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            device = directory.toString();
        }
        return byDevice.computeIfAbsent(device, fresh -> new ArrayList<>());
    }
}
