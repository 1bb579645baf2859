package io.slicekeep.membership;

import io.slicekeep.membership.Configuration.Seat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who of those who take part in a configuration is there. A store is the site that its identity names, and only if the keep
 * file does not call it by another site's name. Immutable.
 */
final class RollCall {
    private final Configuration configuration;
    private final Survey survey;

    RollCall(Configuration configuration, Survey survey) {
        this.configuration = configuration;
        Survey placed = survey.rejecting(this::reasonAgainstMember).rejecting(this::reasonAgainstPlace);
        this.survey = placed.rejecting(glimpse -> reasonAgainstTwin(glimpse, placed));
    }

    /** Returns one standing per seat, in their order. */
    List<Standing> standings() {
        return configuration.seats().stream()
                .map(seat -> present(seat).orElseGet(() -> away(seat)))
                .toList();
    }

    /** Tells whether a store shows that it is at this seat. */
    static boolean isAt(Seat seat, Glimpse glimpse) {
        return glimpse.identity().index() == seat.index()
                && glimpse.identity().siteId().equals(seat.member().siteId());
    }

    private Optional<Seat> seatOf(Glimpse glimpse) {
        return configuration.seats().stream()
                .filter(seat -> isAt(seat, glimpse))
                .findFirst();
    }

    private String reasonAgainstMember(Glimpse glimpse) {
        if (seatOf(glimpse).isPresent()) {
            return "";
        }
        int index = glimpse.identity().index();
        String now = index < configuration.members().size()
                ? ": site " + configuration.members().get(index).name() + " is at "
                        + configuration.members().get(index).address() + " now"
                : "";
        return "it was a site of this keep at epoch " + glimpse.identity().epoch() + " and was replaced since" + now
                + "; correct the path";
    }

    private String reasonAgainstPlace(Glimpse glimpse) {
        String actual = nameOf(glimpse);
        String expected = glimpse.candidate().name().orElse(actual);
        return expected.equals(actual)
                ? ""
                : "it is site " + actual + " of this keep, not " + expected + "; give it as the path of " + actual;
    }

    private String reasonAgainstTwin(Glimpse glimpse, Survey all) {
        return all.found().stream()
                .filter(twin -> !twin.equals(glimpse)
                        && twin.identity().siteId().equals(glimpse.identity().siteId()))
                .findFirst()
                .map(twin -> "it is site " + nameOf(glimpse) + ", as is "
                        + twin.candidate().address() + "; one is a copy: give only the one in use")
                .orElse("");
    }

    private String nameOf(Glimpse glimpse) {
        return configuration.members().get(glimpse.identity().index()).name();
    }

    private Optional<Standing> present(Seat seat) {
        return survey.found().stream()
                .filter(glimpse -> isAt(seat, glimpse))
                .findFirst()
                .map(glimpse -> Standing.present(seat, glimpse));
    }

    /** Says what became of the place where the site should be, or of the one that the keep file has for it. */
    private Standing away(Seat seat) {
        Optional<String> name = Optional.of(seat.member().name());
        Optional<Map.Entry<Candidate, String>> why = survey.reasons().entrySet().stream()
                .filter(rejected -> rejected.getKey().name().equals(name))
                .filter(rejected -> configuration.seats().stream()
                        .noneMatch(other -> !other.equals(seat)
                                && other.member()
                                        .address()
                                        .equals(rejected.getKey().address())))
                .max((one, other) -> Boolean.compare(isAddressOf(seat, one), isAddressOf(seat, other)));
        return why.map(rejected -> Standing.away(seat, rejected.getKey().address(), rejected.getValue()))
                .orElseGet(() -> Standing.away(
                        seat,
                        seat.member().address(),
                        "no path is given for it; when it joined it was at "
                                + seat.member().address()));
    }

    private static boolean isAddressOf(Seat seat, Map.Entry<Candidate, String> rejected) {
        return rejected.getKey().address().equals(seat.member().address());
    }
}
