package io.slicekeep.membership;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;

/** No bytes make a membership parser fail in another way than it says. */
class MembershipFuzzTest {
    private static final SecretBytes KEY = SecretBytes.owning(new byte[32]);

    @FuzzTest
    void identity(byte[] blob) {
        try {
            Identity.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void capabilities(byte[] blob) {
        try {
            SiteCapabilities.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void keys(byte[] blob) {
        try {
            WrappedKeys.parse(blob).encode();
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void configuration(byte[] blob) {
        try {
            Configuration.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }
}
