package io.slicekeep.membership;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.ParentKey;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a {@link Configuration}. One configuration has one encoding, so a blob is verified by making it again.
 *
 * <pre>
 *  0  8  magic, letter C     16 16  keep id
 *  8  2  version             32  8  epoch
 * 10  2  flags, zero         40     body, HMAC(config key, all before) 32, CRC32C of all before
 * 12  4  bodyBytes
 * </pre>
 */
final class ConfigurationCodec {
    static final int MAX_BODY_BYTES = 1 << 20;
    static final int HEADER_BYTES = 40;
    static final int MAX_BYTES = HEADER_BYTES + MAX_BODY_BYTES + MemberBlob.MAC_BYTES + MemberBlob.CRC_BYTES;

    private static final int MODE_LWW = 1;
    private static final int MODE_CONDITIONAL = 2;
    private static final char LETTER = 'C';
    private static final int BODY_BYTES_OFFSET = 12;
    private static final int KEEP_ID_OFFSET = 16;
    private static final int EPOCH_OFFSET = 32;
    private static final int NOTHING_CHANGES = 0;
    private static final int SOMETHING_CHANGES = 1;
    private static final int NOBODY = 0;
    private static final int SOMEBODY = 1;
    /** In the order of their numbers, from 1. */
    private static final List<Departure> DEPARTURES = List.of(Departure.SERVING, Departure.LOST);

    private static final String WHAT = "the keep's configuration";

    private ConfigurationCodec() {}

    static byte[] seal(Configuration configuration, SecretBytes configKey) {
        byte[] body = body(configuration);
        if (body.length > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "a configuration must take at most " + MAX_BODY_BYTES + " bytes: bytes=" + body.length);
        }
        int macOffset = HEADER_BYTES + body.length;
        byte[] blob = new byte[macOffset + MemberBlob.MAC_BYTES + MemberBlob.CRC_BYTES];
        MemberBlob.begin(LETTER, blob)
                .putInt(body.length)
                .put(configuration.keepId().bytes())
                .putLong(configuration.epoch())
                .put(body);
        MemberBlob.end(blob, macOffset, configKey);
        return blob;
    }

    static Configuration parse(byte[] blob) throws FormatException {
        int tailBytes = MemberBlob.MAC_BYTES + MemberBlob.CRC_BYTES;
        ByteBuffer in = MemberBlob.requireBegin(blob, LETTER, HEADER_BYTES + tailBytes, WHAT);
        int bodyBytes = in.getInt(BODY_BYTES_OFFSET);
        if (bodyBytes < 0 || bodyBytes > MAX_BODY_BYTES || blob.length != HEADER_BYTES + bodyBytes + tailBytes) {
            throw MemberBlob.corrupt(WHAT, "it has " + blob.length + " bytes for a body of " + bodyBytes);
        }
        MemberBlob.requireCrc(blob, blob.length - MemberBlob.CRC_BYTES, WHAT);
        MemberBlob.requireZero(in.getShort(MemberBlob.FLAGS_OFFSET), "its flags", WHAT);
        KeepId keepId = KeepId.of(take(in.position(KEEP_ID_OFFSET), KeepId.BYTES));
        try {
            return parseBody(in.slice(HEADER_BYTES, bodyBytes), keepId, in.getLong(EPOCH_OFFSET));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw MemberBlob.corrupt(WHAT, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] body(Configuration configuration) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terms terms = configuration.terms();
        writeProfile(out, terms.profile());
        writeNumber(out, terms.lease().toMillis(), 4);
        writeNumber(out, terms.createdMicros(), 8);
        configuration.members().forEach(member -> writeMember(out, member));
        writeTransition(out, configuration.transition());
        writeNumber(out, configuration.namespaces().size(), 2);
        for (NamespaceEntry namespace : configuration.namespaces()) {
            out.writeBytes(HexFormat.of().parseHex(namespace.id()));
            out.write(namespace.mode() == NamespaceMode.LWW ? MODE_LWW : MODE_CONDITIONAL);
            writeText(out, namespace.name(), 1);
            out.writeBytes(namespace.commitment());
            out.writeBytes(namespace.wrapped());
        }
        return out.toByteArray();
    }

    private static void writeMember(ByteArrayOutputStream out, Member member) {
        out.writeBytes(member.siteId().bytes());
        out.write(member.slice());
        writeText(out, member.name(), 1);
        writeText(out, member.address(), 2);
        writeNumber(out, member.since(), 8);
    }

    private static void writeProfile(ByteArrayOutputStream out, Profile profile) {
        out.write(profile.dataSlices());
        out.write(profile.paritySlices());
        out.write(profile.faults());
        out.write(profile.awayWhileWriting());
    }

    private static void writeTransition(ByteArrayOutputStream out, Optional<Transition> transition) {
        if (transition.isEmpty()) {
            out.write(NOTHING_CHANGES);
            return;
        }
        out.write(SOMETHING_CHANGES);
        writeProfile(out, transition.get().profile());
        Optional<Leaving> leaving = transition.get().leaving();
        out.write(leaving.map(gone -> DEPARTURES.indexOf(gone.departure()) + 1).orElse(NOBODY));
        leaving.ifPresent(gone -> out.write(gone.index()));
        Optional<Member> incoming = transition.get().incoming();
        out.write(incoming.isPresent() ? SOMEBODY : NOBODY);
        incoming.ifPresent(coming -> writeMember(out, coming));
    }

    private static Configuration parseBody(ByteBuffer body, KeepId keepId, long epoch)
            throws FormatException, CharacterCodingException {
        Profile profile = parseProfile(body);
        Duration lease = Duration.ofMillis(
                Integer.toUnsignedLong(ByteBuffer.wrap(take(body, 4)).getInt()));
        Terms terms = new Terms(profile, lease, longNumber(body));
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            members.add(parseMember(body));
        }
        Optional<Transition> transition = parseTransition(body);
        int namespaceCount = number(body, 2);
        List<NamespaceEntry> namespaces = new ArrayList<>();
        for (int i = 0; i < namespaceCount; i++) {
            namespaces.add(parseNamespace(body));
        }
        if (body.hasRemaining()) {
            throw MemberBlob.corrupt(WHAT, body.remaining() + " bytes follow its end");
        }
        return new Configuration(keepId, epoch, terms, members, transition, namespaces);
    }

    private static Member parseMember(ByteBuffer body) throws FormatException, CharacterCodingException {
        SiteId siteId = SiteId.of(take(body, SiteId.BYTES));
        return new Member(siteId, number(body, 1), text(body, 1), text(body, 2), longNumber(body));
    }

    private static Profile parseProfile(ByteBuffer body) throws FormatException {
        return new Profile(number(body, 1), number(body, 1), number(body, 1), number(body, 1));
    }

    private static Optional<Transition> parseTransition(ByteBuffer body)
            throws FormatException, CharacterCodingException {
        int changes = number(body, 1);
        MemberBlob.requireZero(changes / (SOMETHING_CHANGES + 1), "the ways in which it changes", WHAT);
        return changes == NOTHING_CHANGES
                ? Optional.empty()
                : Optional.of(new Transition(parseProfile(body), parseLeaving(body), parseIncoming(body)));
    }

    private static Optional<Leaving> parseLeaving(ByteBuffer body) throws FormatException {
        int departure = number(body, 1);
        MemberBlob.requireZero(departure / (DEPARTURES.size() + 1), "the ways in which a site leaves", WHAT);
        return departure == NOBODY
                ? Optional.empty()
                : Optional.of(new Leaving(number(body, 1), DEPARTURES.get(departure - 1)));
    }

    private static Optional<Member> parseIncoming(ByteBuffer body) throws FormatException, CharacterCodingException {
        int comes = number(body, 1);
        MemberBlob.requireZero(comes / (SOMEBODY + 1), "the ways in which a site comes", WHAT);
        return comes == NOBODY ? Optional.empty() : Optional.of(parseMember(body));
    }

    private static NamespaceEntry parseNamespace(ByteBuffer body) throws FormatException, CharacterCodingException {
        String id = HexFormat.of().formatHex(take(body, NamespaceEntry.ID_BYTES));
        NamespaceMode mode = mode(number(body, 1));
        String name = text(body, 1);
        byte[] commitment = take(body, NamespaceEntry.COMMITMENT_BYTES);
        return new NamespaceEntry(id, name, mode, commitment, take(body, ParentKey.WRAPPED_BYTES));
    }

    private static NamespaceMode mode(int code) throws FormatException {
        return switch (code) {
            case MODE_LWW -> NamespaceMode.LWW;
            case MODE_CONDITIONAL -> NamespaceMode.CONDITIONAL;
            default ->
                throw new FormatException(
                        FormatException.Kind.TOO_NEW, WHAT + " has a namespace of an unknown mode: found " + code);
        };
    }

    private static byte[] take(ByteBuffer in, int count) throws FormatException {
        if (in.remaining() < count) {
            throw MemberBlob.corrupt(WHAT, "a field of " + count + " bytes does not fit");
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static int number(ByteBuffer in, int bytes) throws FormatException {
        int number = 0;
        for (byte b : take(in, bytes)) {
            number = number << 8 | Byte.toUnsignedInt(b);
        }
        return number;
    }

    private static long longNumber(ByteBuffer in) throws FormatException {
        return ByteBuffer.wrap(take(in, Long.BYTES)).getLong();
    }

    private static String text(ByteBuffer in, int lengthBytes) throws FormatException, CharacterCodingException {
        byte[] bytes = take(in, number(in, lengthBytes));
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static void writeText(ByteArrayOutputStream out, String text, int lengthBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeNumber(out, bytes.length, lengthBytes);
        out.writeBytes(bytes);
    }

    private static void writeNumber(ByteArrayOutputStream out, long number, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (number >>> shift));
        }
    }
}
