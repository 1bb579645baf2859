package io.slicekeep.cli.ui;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Where passphrases come from: a file, a descriptor, or a person at the terminal. Never the command line. */
public final class Passphrases {
    private static final int MAX_BYTES = 4096;

    private Passphrases() {}

    /**
     * Reads a passphrase from a file, without the end of its last line. Warns if others than the file's owner can do so too.
     *
     * @param shell to whom
     * @param file a file, or a named pipe
     * @return the characters, to be wiped by the caller
     * @throws IOException if it cannot be read, is empty or too long
     */
    public static char[] ofFile(Shell shell, Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            Secrecy.breach(file).ifPresent(breach -> shell.warn(breach + ": " + Secrecy.remedy(file)));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCode.KEY, "no such passphrase file: " + file);
        }
    }

    /**
     * Reads a passphrase from an open descriptor of this process.
     *
     * @param shell whose standard input is descriptor 0
     * @param descriptor its number, as in {@code 3<pw}
     * @return the characters, to be wiped by the caller
     * @throws IOException if it cannot be read, is empty or too long
     */
    public static char[] ofDescriptor(Shell shell, int descriptor) throws IOException {
        if (descriptor == 0) {
            return read(shell.in(), "descriptor 0");
        }
        try (InputStream in = Files.newInputStream(Path.of("/dev/fd/" + descriptor))) {
            return read(in, "descriptor " + descriptor);
        } catch (NoSuchFileException e) {
            throw CommandException.usage("descriptor " + descriptor + " is not open: write " + descriptor + "<FILE");
        }
    }

    /**
     * Asks for a passphrase at the terminal, without showing it.
     *
     * @param question such as {@code Passphrase}
     * @return the characters, to be wiped by the caller
     * @throws IOException if there is no terminal
     */
    public static char[] ask(String question) throws IOException {
        try (InputStream in = openTerminal();
                OutputStream out = Files.newOutputStream(Terminal.device(), StandardOpenOption.WRITE)) {
            out.write((question + ": ").getBytes(StandardCharsets.UTF_8));
            Silence silence = new Silence();
            try {
                return decode(line(in), "the terminal");
            } finally {
                silence.end();
                out.write('\n');
            }
        }
    }

    /**
     * Asks twice for a new passphrase.
     *
     * @param question such as {@code New passphrase}
     * @return the characters, to be wiped by the caller
     * @throws IOException if there is no terminal or the two differ
     */
    public static char[] askNew(String question) throws IOException {
        char[] first = ask(question);
        char[] second = ask(question + " again");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
            Arrays.fill(first, '\0');
            throw CommandException.usage("the two passphrases differ: try again");
        }
        return first;
    }

    private static InputStream openTerminal() throws CommandException {
        try {
            return Files.newInputStream(Terminal.device());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.KEY,
                    "a passphrase is needed and there is no terminal to ask at: give --passphrase-file FILE or"
                            + " --passphrase-fd N, or set SLICEKEEP_PASSPHRASE_FILE",
                    e);
        }
    }

    private static char[] read(InputStream in, String source) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            Arrays.fill(bytes, (byte) 0);
            throw new CommandException(
                    ExitCode.KEY,
                    source + " holds more than " + MAX_BYTES
                            + " bytes: that is no passphrase; is it the one you meant?");
        }
        return decode(bytes, source);
    }

    /** Reads up to the end of a line, byte by byte: nothing behind it may be taken. */
    private static byte[] line(InputStream in) throws IOException {
        WipedBytes bytes = new WipedBytes();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && bytes.size() <= MAX_BYTES; b = in.read()) {
                bytes.write(b);
            }
            return bytes.toByteArray();
        } finally {
            bytes.wipe();
        }
    }

    private static char[] decode(byte[] bytes, String source) throws CommandException {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && bytes[end - 1] == '\r') {
            end--;
        }
        try {
            CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
            char[] passphrase = Arrays.copyOfRange(chars.array(), 0, chars.limit());
            Arrays.fill(chars.array(), '\0');
            return nonEmpty(passphrase, source);
        } catch (CharacterCodingException e) {
            throw new CommandException(ExitCode.KEY, "the passphrase in " + source + " is not UTF-8 text");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static char[] nonEmpty(char[] passphrase, String source) throws CommandException {
        if (passphrase.length == 0) {
            throw new CommandException(ExitCode.KEY, "the passphrase in " + source + " is empty");
        }
        return passphrase;
    }

    /** Stops the echo, and brings it back even when Ctrl-C ends the question. */
    private static final class Silence {
        private final String settings;
        private final Thread restorer = new Thread(this::restore, "restore-echo");

        Silence() throws IOException {
            this.settings = Terminal.stty("-g").strip();
            Runtime.getRuntime().addShutdownHook(restorer);
            Terminal.stty("-echo");
        }

        private void restore() {
            try {
                Terminal.stty(settings);
            } catch (IOException e) {
                System.getLogger(Passphrases.class.getName())
                        .log(System.Logger.Level.WARNING, "the terminal does not echo: type 'stty echo'");
            }
        }

        void end() {
            restore();
            try {
                Runtime.getRuntime().removeShutdownHook(restorer);
            } catch (IllegalStateException e) {
                // Shutting down: the hook restores once more.
            }
        }
    }

    private static final class WipedBytes extends ByteArrayOutputStream {
        WipedBytes() {
            super(MAX_BYTES + 2);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
