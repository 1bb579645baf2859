/** What slicing and dispersing mean to the layers above: profiles, codes, and blobs that are spread over n stores. */
package io.slicekeep.dispersal;
