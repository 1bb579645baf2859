package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.crypto.BulkProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk")
class BulkProviderTest {
    @Test
    void withoutCorrettosLibraryTheJdkEncrypts() {
        assertThat(BulkProvider.get().getName()).isEqualTo("SunJCE");
    }
}
