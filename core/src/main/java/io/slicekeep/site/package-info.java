/** Sites: stores in their role as one of n failure domains. */
package io.slicekeep.site;
