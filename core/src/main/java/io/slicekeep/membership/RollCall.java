package io.slicekeep.membership;

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

    /** Returns one standing for each who takes part, in their order. */
    List<Standing> standings() {
        return configuration.participants().stream()
                .map(member -> present(member).orElseGet(() -> away(member)))
                .toList();
    }

    /** Tells whether a store shows that it is this member. */
    static boolean is(Member member, Glimpse glimpse) {
        return glimpse.identity().slice() == member.slice()
                && glimpse.identity().siteId().equals(member.siteId());
    }

    private Optional<Member> memberOf(Glimpse glimpse) {
        return configuration.participants().stream()
                .filter(member -> is(member, glimpse))
                .findFirst();
    }

    private String reasonAgainstMember(Glimpse glimpse) {
        if (memberOf(glimpse).isPresent()) {
            return "";
        }
        String since = configuration.members().stream()
                .filter(member -> member.slice() == glimpse.identity().slice())
                .findFirst()
                .map(member -> " and was replaced since: site " + member.name() + " is at " + member.address() + " now")
                .orElse(" and was removed since");
        return "it was a site of this keep at epoch " + glimpse.identity().epoch() + since + "; correct the path";
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
        return memberOf(glimpse).map(Member::name).orElseThrow();
    }

    private Optional<Standing> present(Member member) {
        return survey.found().stream()
                .filter(glimpse -> is(member, glimpse))
                .findFirst()
                .map(glimpse -> Standing.present(member, glimpse));
    }

    /** Says what became of the place where the site should be, or of the one that the keep file has for it. */
    private Standing away(Member member) {
        Optional<String> name = Optional.of(member.name());
        Optional<Map.Entry<Candidate, String>> why = survey.reasons().entrySet().stream()
                .filter(rejected -> rejected.getKey().name().equals(name))
                .filter(rejected -> configuration.participants().stream()
                        .noneMatch(other -> !other.equals(member)
                                && other.address().equals(rejected.getKey().address())))
                .max((one, other) -> Boolean.compare(isAddressOf(member, one), isAddressOf(member, other)));
        return why.map(rejected -> Standing.away(member, rejected.getKey().address(), rejected.getValue()))
                .orElseGet(() -> Standing.away(
                        member,
                        member.address(),
                        "no path is given for it; when it joined it was at " + member.address()));
    }

    private static boolean isAddressOf(Member member, Map.Entry<Candidate, String> rejected) {
        return rejected.getKey().address().equals(member.address());
    }
}
