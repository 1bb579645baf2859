package io.slicekeep.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Where the small primitives come from: the JDK's own provider, asked for as an object, so that what the host application
 * put first in its provider list (an HSM, say) does not get our keys. The list is read once and never changed.
 */
public final class Jce {
    private static final @Nullable Provider JDK = Security.getProvider("SunJCE");

    private Jce() {}

    /**
     * Returns a fresh cipher.
     *
     * @param transformation as {@link Cipher#getInstance(String)} takes it
     * @return the cipher
     * @throws IllegalStateException if this Java platform does not offer it
     */
    public static Cipher cipher(String transformation) {
        try {
            return JDK == null ? Cipher.getInstance(transformation) : Cipher.getInstance(transformation, JDK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform offers no " + transformation, e);
        }
    }

    /**
     * Returns a fresh MAC.
     *
     * @param algorithm as {@link Mac#getInstance(String)} takes it
     * @return the MAC
     * @throws IllegalStateException if this Java platform does not offer it
     */
    public static Mac mac(String algorithm) {
        try {
            return JDK == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, JDK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform offers no " + algorithm, e);
        }
    }
}
