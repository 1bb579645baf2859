package io.slicekeep.kms.local;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Reads the text of a keystore once, strictly. Messages name file and line and show no word of it, since in a damaged file any
 * word may be a key.
 */
final class KeystoreParser {
    private static final String VERSION_FORM = "[1-9][0-9]{0,8}";

    private final byte[] text;
    private final String file;
    private final List<KeystoreEntry> entries = new ArrayList<>();
    /** The line being read is [start, end) of the text. */
    private int start;

    private int end = -1;
    private int lineNumber;

    KeystoreParser(byte[] text, String file) {
        this.text = text;
        this.file = file;
    }

    Keystore parse() throws FormatException {
        try {
            readHeader();
            List<Word> words = checkedWords();
            while (!isEnd(words)) {
                entries.add(entry(words));
                words = checkedWords();
            }
            readEnd(words);
            return new Keystore(entries);
        } catch (FormatException | RuntimeException e) {
            entries.forEach(KeystoreEntry::close);
            throw e;
        }
    }

    private void readHeader() throws FormatException {
        byte[] magic = KeystoreText.MAGIC.getBytes(StandardCharsets.US_ASCII);
        if (text.length < magic.length || !new Word(0, magic.length).text().equals(KeystoreText.MAGIC)) {
            throw new FormatException(Kind.NOT_OURS, "not a keystore: " + file);
        }
        nextLine();
        if (!new Word(magic.length, end).text().equals(KeystoreText.VERSION)) {
            throw new FormatException(Kind.TOO_NEW, file + ":1: written by a newer release; this one reads version 1");
        }
    }

    private boolean isEnd(List<Word> words) {
        return words.size() == 2 && words.get(0).text().equals(KeystoreText.END);
    }

    private void readEnd(List<Word> words) throws FormatException {
        if (!words.get(1).text().equals(String.valueOf(entries.size()))) {
            throw corrupt("the count must be that of the lines with keys: keys=" + entries.size());
        }
        if (end + 1 != text.length) {
            throw corrupt("nothing may follow this line");
        }
    }

    private KeystoreEntry entry(List<Word> words) throws FormatException {
        if (words.size() != 4) {
            throw corrupt("a line must be: NAME VERSION STATE KEY CHECKSUM");
        }
        String name = words.get(0).text();
        String version = words.get(1).text();
        if (!KeystoreText.NAME.matcher(name).matches() || !version.matches(VERSION_FORM)) {
            throw corrupt("a key's name or version is malformed");
        }
        KeyVersion about = new KeyVersion(name, Integer.parseInt(version), state(words.get(2)));
        requireOrder(about);
        return new KeystoreEntry(about, key(words.get(3), about.state()));
    }

    private State state(Word word) throws FormatException {
        String found = word.text();
        for (State state : State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(found)) {
                return state;
            }
        }
        throw corrupt("a state must be enabled, disabled or destroyed");
    }

    private void requireOrder(KeyVersion about) throws FormatException {
        KeyVersion last =
                entries.isEmpty() ? null : entries.get(entries.size() - 1).about();
        boolean nextVersion = last != null && last.name().equals(about.name()) && about.version() == last.version() + 1;
        boolean nextName = (last == null || last.name().compareTo(about.name()) < 0) && about.version() == 1;
        if (!nextVersion && !nextName) {
            throw corrupt("keys must stand by name, and the versions of each be 1, 2, 3 and so on");
        }
    }

    private SecretBytes key(Word word, State state) throws FormatException {
        if (state == State.DESTROYED) {
            if (!word.text().equals(KeystoreText.NO_KEY)) {
                throw corrupt("a destroyed key must have " + KeystoreText.NO_KEY + " for its bytes");
            }
            return SecretBytes.owning(new byte[0]);
        }
        if (word.end - word.start != 2 * KeystoreEntry.KEY_BYTES) {
            throw corrupt("a key must have 64 hex digits");
        }
        SecretBytes key = SecretBytes.owning(new byte[KeystoreEntry.KEY_BYTES]);
        for (int i = 0; i < KeystoreEntry.KEY_BYTES; i++) {
            int high = text[word.start + 2 * i];
            int low = text[word.start + 2 * i + 1];
            if (!isLowerHex(high) || !isLowerHex(low)) {
                key.close();
                throw corrupt("a key must have 64 hex digits");
            }
            key.unsafeBytes()[i] = (byte) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
        }
        return key;
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** Returns the words of the next line that is no comment, without its checksum, which is right. */
    private List<Word> checkedWords() throws FormatException {
        do {
            nextLine();
        } while (end > start && text[start] == '#');
        int crcStart = end - KeystoreText.CRC_DIGITS;
        int wordsEnd = crcStart - 1;
        if (wordsEnd < start || text[wordsEnd] != ' ') {
            throw corrupt("a line must end with its checksum");
        }
        if (!new Word(crcStart, end).text().equals(KeystoreText.crc(ByteBuffer.wrap(text, start, wordsEnd - start)))) {
            throw corrupt("the checksum is wrong");
        }
        List<Word> words = new ArrayList<>();
        for (int wordStart = start, i = start; i <= wordsEnd; i++) {
            if (text[i] == ' ') {
                words.add(new Word(wordStart, i));
                wordStart = i + 1;
            }
        }
        return words;
    }

    private void nextLine() throws FormatException {
        start = end + 1;
        lineNumber++;
        end = start;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        if (end >= text.length) {
            throw corrupt("the file ends early");
        }
    }

    private FormatException corrupt(String what) {
        return new FormatException(Kind.CORRUPT, file + ":" + lineNumber + ": " + what);
    }

    /** The bytes [start, end) of the text. */
    private final class Word {
        private final int start;
        private final int end;

        Word(int start, int end) {
            this.start = start;
            this.end = end;
        }

        /** Returns the word as text; never called on a key. */
        String text() {
            return new String(text, start, end - start, StandardCharsets.ISO_8859_1);
        }
    }
}
