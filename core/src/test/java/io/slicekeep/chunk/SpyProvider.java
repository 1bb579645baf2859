package io.slicekeep.chunk;

import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.CipherSpi;
import javax.crypto.spec.GCMParameterSpec;

/** An AES-GCM that encrypts nothing, remembers every key and nonce that it was given, and refuses a pair that comes twice. */
final class SpyProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private final transient Set<Pair> seen = new HashSet<>();
    private final int failEvery;
    private int calls;

    private record Pair(long keyStart, long keyEnd, long nonceStart, int nonceEnd) {}

    /** A spy of which every n-th chunk fails after its nonce was used; none if n is 0. */
    SpyProvider(int failEvery) {
        super("Spy", "1", "AES-GCM that remembers nonces");
        this.failEvery = failEvery;
        putService(new Service(this, "Cipher", "AES/GCM/NoPadding", "Spy", List.of(), Map.of()) {
            @Override
            public Object newInstance(Object parameter) {
                return new Spy();
            }
        });
    }

    int pairs() {
        return seen.size();
    }

    private final class Spy extends CipherSpi {
        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            ByteBuffer keyBytes = ByteBuffer.wrap(key.getEncoded());
            ByteBuffer nonce = ByteBuffer.wrap(((GCMParameterSpec) spec).getIV());
            if (!seen.add(new Pair(keyBytes.getLong(0), keyBytes.getLong(24), nonce.getLong(0), nonce.getInt(8)))) {
                throw new InvalidAlgorithmParameterException("nonce used twice: " + Arrays.toString(nonce.array()));
            }
        }

        @Override
        protected int engineDoFinal(byte[] in, int offset, int count, byte[] out, int outOffset) {
            if (failEvery > 0 && ++calls % failEvery == 0) {
                throw new ProviderException("injected");
            }
            return count + ChunkLayout.TAG_BYTES;
        }

        @Override
        protected byte[] engineDoFinal(byte[] in, int offset, int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected int engineUpdate(byte[] in, int offset, int count, byte[] out, int outOffset) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected byte[] engineUpdate(byte[] in, int offset, int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineSetMode(String mode) {}

        @Override
        protected void engineSetPadding(String padding) {}

        @Override
        protected int engineGetBlockSize() {
            return 16;
        }

        @Override
        protected int engineGetOutputSize(int count) {
            return count + ChunkLayout.TAG_BYTES;
        }

        @Override
        protected byte[] engineGetIV() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            throw new UnsupportedOperationException();
        }
    }
}
