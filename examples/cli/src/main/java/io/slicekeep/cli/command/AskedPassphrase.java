package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.Passphrases;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.PassphraseProvider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A passphrase that is asked for when the first slot needs it: what opens with another key asks nothing. */
final class AskedPassphrase implements KeyProvider {
    private final String question;
    private @Nullable KeyProvider asked;

    AskedPassphrase(String question) {
        this.question = question;
    }

    @Override
    public KeyUri uri() {
        return PassphraseProvider.URI;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) throws KeyUnavailableException {
        return provider().wrap(secret, context);
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        return provider().unwrap(slot, context);
    }

    @Override
    public void checkHealth() throws KeyUnavailableException {
        provider().checkHealth();
    }

    private synchronized KeyProvider provider() throws KeyUnavailableException {
        KeyProvider known = asked;
        if (known == null) {
            try {
                known = KeyOptions.provider(Passphrases.ask(question));
            } catch (IOException e) {
                throw new KeyUnavailableException(Reason.NO_SUCH_KEY, String.valueOf(e.getMessage()), e);
            }
            asked = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (asked != null) {
            asked.close();
        }
    }
}
