package io.slicekeep.error;

import org.jspecify.annotations.Nullable;

/** A key cannot be used: wrong passphrase, unknown or disabled key, a refused or unreachable service. */
public class KeyUnavailableException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    /** Why the key cannot be used. */
    public enum Reason {
        /** No slot opens with the keys given. A wrong passphrase and a tampered slot look alike on purpose. */
        WRONG_KEY,
        /** The provider does not have the key, or none of the providers given is named by a slot. */
        NO_SUCH_KEY,
        /** The key exists and is disabled, destroyed or past its time. */
        DISABLED,
        /** The provider refused: the caller has no right to the key, or the request exceeds a limit. */
        DENIED,
        /** The provider could not be reached, or failed. Trying again may help. */
        UNREACHABLE,
        /** The provider asks to slow down. Trying again later helps. */
        THROTTLED
    }

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason why
     * @param message which key and what to do
     */
    public KeyUnavailableException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param reason why
     * @param message which key and what to do
     * @param cause what lies beneath, or null
     */
    public KeyUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns the one failure of a slot that does not open, with the same message for every cause.
     *
     * @param uri the URI of the provider that tried
     * @return the exception, with the reason {@link Reason#WRONG_KEY}
     */
    public static KeyUnavailableException wrongKey(String uri) {
        return new KeyUnavailableException(
                Reason.WRONG_KEY, "a slot of " + uri + " does not open: wrong key or passphrase, or a damaged slot");
    }

    /**
     * Returns why the key cannot be used.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Tells whether the same call may succeed later with nothing changed on this side.
     *
     * @return true for an unreachable or throttling provider
     */
    public boolean retryable() {
        return reason == Reason.UNREACHABLE || reason == Reason.THROTTLED;
    }
}
