package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.scrub.ScrubOptions.Depth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file in which a scrub notes how far it came: {@code slicekeep-scrub 1 <keep id> <depth> <worst code so far>}, and on a second
 * line the cursor, which is empty at the beginning. Any other file is refused, and neither changed nor deleted. Confined to one
 * thread.
 */
final class ScrubNote {
    private static final int MAX_BYTES = 2048;
    private static final Pattern TEXT = Pattern.compile("(slicekeep-scrub 1 \\S+ \\S+) (\\d{1,3})\n([!-~]*)\n");

    private final Path file;
    private final String head;
    private ExitCode worst = ExitCode.OK;
    private String cursor = "";

    private ScrubNote(Path file, String keepId, Depth depth) {
        this.file = file;
        this.head = "slicekeep-scrub 1 " + keepId + " " + depth.name().toLowerCase(Locale.ROOT);
    }

    /** Reads the note of a scrub of this keep and depth, or makes one that has yet to begin. */
    static ScrubNote open(Path file, String keepId, Depth depth) throws IOException {
        ScrubNote note = new ScrubNote(file, keepId, depth);
        if (Files.exists(file)) {
            note.read();
        } else {
            write(file, note.text());
        }
        return note;
    }

    /** Returns where to go on; empty for the beginning. */
    String cursor() {
        return cursor;
    }

    /** Returns the worst that was found up to there. */
    ExitCode worst() {
        return worst;
    }

    /** Notes what was reached, whole or not at all. */
    void reached(String newCursor, ExitCode newWorst) throws IOException {
        cursor = newCursor;
        worst = newWorst;
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            write(fresh, text());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The scrub came to its end. */
    void done() throws IOException {
        Files.deleteIfExists(file);
    }

    private void read() throws IOException {
        String text = Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES
                ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                : "";
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || !matcher.group(1).equals(head)) {
            throw refusal();
        }
        worst = code(Integer.parseInt(matcher.group(2)));
        cursor = matcher.group(3);
    }

    private ExitCode code(int number) throws CommandException {
        for (ExitCode code : ExitCode.values()) {
            if (code.number() == number) {
                return code;
            }
        }
        throw refusal();
    }

    private CommandException refusal() {
        return CommandException.usage(file + " is not the note of such a scrub of this keep, which would begin with \""
                + head + "\", and is left as it is; give --resume another file, or remove it to begin anew");
    }

    private String text() {
        return head + " " + worst.number() + "\n" + cursor + "\n";
    }

    private static void write(Path target, String text) throws IOException {
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }
}
