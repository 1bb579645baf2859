package io.slicekeep.kms.local;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

class KeystoreTextFuzzTest {
    /** What can be parsed is printed so that it parses to the same; what cannot throws nothing but the format's exception. */
    @FuzzTest(maxDuration = "1m")
    void aParsedKeystorePrintsToItself(byte[] input) {
        parse(input);
        parse(withChecksums(input));
    }

    private static void parse(byte[] text) {
        try (Keystore keystore = KeystoreText.parse(text, "fuzzed")) {
            byte[] printed = KeystoreText.print(keystore);
            try (Keystore again = KeystoreText.parse(printed, "printed")) {
                if (!Arrays.equals(KeystoreText.print(again), printed)) {
                    throw new AssertionError("two keystores for one text");
                }
            } catch (FormatException e) {
                throw new AssertionError("what was printed cannot be read", e);
            }
        } catch (FormatException expected) {
            // the one way to refuse
        }
    }

    /** Puts a right checksum behind every line but the first, so that the parser's later checks are reached. */
    private static byte[] withChecksums(byte[] input) {
        String mended = new String(input, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.startsWith("slicekeep") ? line : line + " " + crc(line))
                .collect(Collectors.joining("\n", "", "\n"));
        return mended.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String crc(String line) {
        return KeystoreText.crc(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
