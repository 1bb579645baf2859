package io.slicekeep.membership;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who of a configuration's members is there. A store is the member that its identity names, and only if the keep file does
 * not call it by another member's name.
 */
final class RollCall {
    private final Configuration configuration;
    private final Survey survey;

    RollCall(Configuration configuration, Survey survey) {
        this.configuration = configuration;
        this.survey = survey;
    }

    /** Returns one standing per member; stores that are none are rejected. */
    List<Standing> standings() throws IOException {
        rejectFormerMembers();
        rejectSwapped();
        rejectTwins();
        List<Standing> standings = new ArrayList<>();
        for (int i = 0; i < configuration.members().size(); i++) {
            int index = i;
            Member member = configuration.members().get(i);
            standings.add(present(i)
                    .map(glimpse -> Standing.present(index, member, glimpse))
                    .orElseGet(() -> away(index, member)));
        }
        return standings;
    }

    /** Returns the candidates' names that the configuration does not have. */
    List<String> strangers(List<Candidate> candidates) {
        return candidates.stream()
                .flatMap(candidate -> candidate.name().stream())
                .filter(name -> configuration.indexOf(name).isEmpty())
                .toList();
    }

    private void rejectFormerMembers() throws IOException {
        for (Glimpse glimpse : survey.found()) {
            int index = glimpse.identity().index();
            boolean member = index < configuration.members().size()
                    && configuration
                            .members()
                            .get(index)
                            .siteId()
                            .equals(glimpse.identity().siteId());
            if (!member) {
                survey.reject(
                        glimpse,
                        "it was a site of this keep at epoch "
                                + glimpse.identity().epoch() + " and was replaced since; correct the path");
            }
        }
    }

    private void rejectSwapped() throws IOException {
        for (Glimpse glimpse : survey.found()) {
            String actual = nameOf(glimpse);
            String expected = glimpse.candidate().name().orElse(actual);
            if (!expected.equals(actual)) {
                survey.reject(
                        glimpse,
                        "it is site " + actual + " of this keep, not " + expected + "; give it as the path of "
                                + actual);
            }
        }
    }

    private void rejectTwins() throws IOException {
        List<Glimpse> found = survey.found();
        for (Glimpse glimpse : found) {
            for (Glimpse twin : found) {
                if (!twin.equals(glimpse)
                        && twin.identity().index() == glimpse.identity().index()) {
                    survey.reject(
                            glimpse,
                            "it is site " + nameOf(glimpse) + ", as is "
                                    + twin.candidate().address() + "; one is a copy: give only the one in use");
                }
            }
        }
    }

    private String nameOf(Glimpse glimpse) {
        return configuration.members().get(glimpse.identity().index()).name();
    }

    private Optional<Glimpse> present(int index) {
        return survey.found().stream()
                .filter(glimpse -> glimpse.identity().index() == index)
                .findFirst();
    }

    private Standing away(int index, Member member) {
        for (Map.Entry<Candidate, String> rejected : survey.reasons().entrySet()) {
            if (rejected.getKey().name().equals(Optional.of(member.name()))) {
                return Standing.away(index, member, rejected.getKey().address(), rejected.getValue());
            }
        }
        return Standing.away(
                index,
                member,
                member.address(),
                "no path is given for it; when it joined it was at " + member.address());
    }
}
