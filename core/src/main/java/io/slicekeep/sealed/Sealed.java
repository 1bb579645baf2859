package io.slicekeep.sealed;

import io.slicekeep.blob.BlobChannel;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SlotArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Sealed streams, files and stores: encryption alone, without slices or sites.
 *
 * <pre>{@code
 * try (SealedWriter out = Sealed.writer(Files.newByteChannel(file, CREATE_NEW, WRITE), keys)) {
 *     out.write(data);
 *     out.commit();
 * }
 * try (SealedReader in = Sealed.reader(Files.newByteChannel(file), keys)) {
 *     in.read(buffer);
 * }
 * BlobStore sealed = Sealed.over(store, keys);
 * }</pre>
 *
 * <p>Each blob has a secret of its own, wrapped by every key of the ring into slots in its header, and opens by any of
 * them. The channels given here are closed with what is returned, or at once if that fails; a key ring stays the caller's,
 * and is not needed any more once a blob is open.
 */
public final class Sealed {
    private Sealed() {}

    /**
     * Seals a stream with {@link SealOptions#DEFAULT}.
     *
     * @param target takes the sealed blob
     * @param keys each of which will open it
     * @return to be committed and closed by the caller
     * @throws IOException if a key cannot be used
     */
    public static SealedWriter writer(WritableByteChannel target, KeyRing keys) throws IOException {
        return writer(target, keys, SealOptions.DEFAULT);
    }

    /**
     * Seals a stream.
     *
     * @param target takes the sealed blob
     * @param keys each of which will open it
     * @param options context, room for key slots, randomness
     * @return to be committed and closed by the caller
     * @throws IOException if a key cannot be used
     */
    public static SealedWriter writer(WritableByteChannel target, KeyRing keys, SealOptions options)
            throws IOException {
        try {
            return new SealedWriter(target, SlottedBlob.seal(target, keys, options));
        } catch (IOException | RuntimeException e) {
            Closing.after(e, target);
            throw e;
        }
    }

    /**
     * Opens a sealed stream that was given no context.
     *
     * @param source where the sealed blob begins; it must end with it
     * @param keys one of which opens it
     * @return to be closed by the caller
     * @throws io.slicekeep.error.FormatException if it is not a sealed blob, too new or corrupt
     * @throws io.slicekeep.error.KeyUnavailableException if none of the keys opens it
     * @throws IOException if it cannot be read
     */
    public static SealedReader reader(ReadableByteChannel source, KeyRing keys) throws IOException {
        return reader(source, keys, KeyContext.EMPTY);
    }

    /**
     * Opens a sealed stream.
     *
     * @param source where the sealed blob begins; it must end with it
     * @param keys one of which opens it
     * @param context the one that it was sealed with
     * @return to be closed by the caller
     * @throws io.slicekeep.error.FormatException if it is not a sealed blob, too new or corrupt
     * @throws io.slicekeep.error.KeyUnavailableException if none of the keys opens it
     * @throws IOException if it cannot be read
     */
    public static SealedReader reader(ReadableByteChannel source, KeyRing keys, KeyContext context) throws IOException {
        try {
            return SealedReader.open(source, keys, context);
        } catch (IOException | RuntimeException e) {
            Closing.after(e, source);
            throw e;
        }
    }

    /**
     * Opens a sealed file for random access.
     *
     * @param file holds one sealed blob
     * @param keys one of which opens it
     * @param context the one that it was sealed with
     * @return to be closed by the caller
     * @throws io.slicekeep.error.FormatException if it is not a sealed blob, too new or corrupt
     * @throws io.slicekeep.error.KeyUnavailableException if none of the keys opens it
     * @throws IOException if it cannot be read
     */
    public static SealedSource open(FileChannel file, KeyRing keys, KeyContext context) throws IOException {
        try {
            return SealedSource.open(new FileSource(file), keys, context);
        } catch (IOException | RuntimeException e) {
            Closing.after(e, file);
            throw e;
        }
    }

    /**
     * Encrypts whatever a store holds. Each blob is bound to its key in the store, so that blobs that are swapped or renamed
     * do not open; keys and rough lengths stay visible. A blob costs one wrap to create and one unwrap to open, so with a
     * slow key (a passphrase, a KMS) put a {@link io.slicekeep.key.ParentKey} into the ring.
     *
     * @param store takes sealed blobs and holds nothing else; closed with the store that is returned
     * @param keys each of which will open every blob; must stay open as long as the store
     * @return a store of plaintext
     */
    public static BlobStore over(BlobStore store, KeyRing keys) {
        return over(store, keys, KeyContext.EMPTY);
    }

    /**
     * Encrypts whatever a store holds, and binds it to a context.
     *
     * @param store takes sealed blobs and holds nothing else; closed with the store that is returned
     * @param keys each of which will open every blob; must stay open as long as the store
     * @param context what every blob is bound to besides its key in the store
     * @return a store of plaintext
     */
    public static BlobStore over(BlobStore store, KeyRing keys, KeyContext context) {
        // Blobs are immutable, so there is nothing to gain from room for other slots.
        return new SealedStore(
                store, keys, SealOptions.DEFAULT.withContext(context).withSlotAreaBytes(SealOptions.SHORTEST));
    }

    /**
     * Changes the keys that open a sealed file: replaces its slot area in place and touches nothing else. A crash in the
     * middle of that one write may leave an area that no key opens, so keep a copy of it (the bytes from 64 on) where that
     * matters. Copies made before open with the former keys for ever.
     *
     * @param file holds one sealed blob; open for reading and writing, and left open
     * @param former one of which opens it now
     * @param keys each of which, and no other, will open it
     * @param context the one that it was sealed with
     * @throws IllegalArgumentException if the new slots do not fit
     * @throws IOException if no key opens it, the new keys do not open what they wrapped, or it cannot be written
     */
    public static void rewrap(FileChannel file, KeyRing former, KeyRing keys, KeyContext context) throws IOException {
        SealedHead head = SealedHead.read(BlobChannel.over(new FileSource(file)));
        try (OpenSecret secret = head.openSecret(former, context)) {
            byte[] wrapped = SlotArea.encode(keys.wrap(secret), head.slotAreaBytes());
            head.withSlotArea(wrapped).openSecret(keys, context).close(); // Keys that only wrap would lose the file.
            ByteBuffer slotArea = ByteBuffer.wrap(wrapped);
            while (slotArea.hasRemaining()) {
                file.write(slotArea, SealedHead.SLOT_AREA_OFFSET + slotArea.position());
            }
            file.force(true);
        }
    }
}
