package io.slicekeep.record;

import io.slicekeep.error.UnavailableException;

/**
 * A version of a former k stands on too few sites to be returned. Nothing of a former k is put any more: whoever made sure that
 * everything is of the next one may have passed by when there was less of it. It has to be sliced anew, and then can be returned.
 */
public final class FormerSlicesException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    FormerSlicesException(String message) {
        super(message);
    }
}
