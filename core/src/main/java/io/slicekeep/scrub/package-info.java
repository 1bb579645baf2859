/** Scrub and repair for those who must not have keys: what is missing and rotten, and slices rebuilt where that is safe. */
package io.slicekeep.scrub;
