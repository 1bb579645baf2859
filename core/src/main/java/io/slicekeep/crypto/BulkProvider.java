package io.slicekeep.crypto;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;

/**
 * Which JCE provider encrypts data: the only place that decides. It is passed as an object, so that the order of the host
 * application's global list has no say, and that list is never changed.
 *
 * <p>Amazon Corretto Crypto Provider, if it is on the class path (or resolved on the module path) and its native part
 * loads; else the one of {@link Jce}. BouncyCastle never: its AES-GCM in Java is 40 to 100 times slower.
 */
public final class BulkProvider {
    private static final System.Logger LOG = System.getLogger(BulkProvider.class.getName());
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final String AES_GCM = "AES/GCM/NoPadding";

    private static final class Choice {
        private static final Provider PROVIDER = choose();
    }

    private BulkProvider() {}

    /**
     * Returns the provider.
     *
     * @return picked at the first call
     */
    public static Provider get() {
        return Choice.PROVIDER;
    }

    private static Provider choose() {
        Provider provider = Jce.cipher(AES_GCM).getProvider();
        try {
            provider = corretto();
        } catch (ClassNotFoundException e) {
            LOG.log(Level.DEBUG, "Amazon Corretto Crypto Provider is not there");
        } catch (ReflectiveOperationException | GeneralSecurityException | RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "Amazon Corretto Crypto Provider is there and does not load", e);
        }
        LOG.log(Level.DEBUG, "AES-GCM comes from {0}", provider);
        return provider;
    }

    /** By reflection, because core depends on the JDK alone; never by its {@code install()}, which changes the list. */
    private static Provider corretto() throws ReflectiveOperationException, GeneralSecurityException {
        Class<?> type = Class.forName(CORRETTO);
        Provider corretto = (Provider) type.getField("INSTANCE").get(null);
        type.getMethod("assertHealthy").invoke(corretto);
        Cipher.getInstance(AES_GCM, corretto);
        return corretto;
    }
}
