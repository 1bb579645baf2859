package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryPoolTest {
    private final MemoryPool<Integer, ByteBuffer> pool =
            new MemoryPool<>(100, ByteBuffer::allocate, Integer::longValue);

    @Test
    void memoryThatCameBackIsLentAgain() {
        Lease<ByteBuffer> first = pool.lend(40);
        ByteBuffer memory = first.memory();
        first.release();
        assertThat(pool.lend(40).memory()).isSameAs(memory);
        assertThat(pool.lend(40).memory()).isNotSameAs(memory);
    }

    @Test
    void memoryOfAnotherShapeIsNotLent() {
        pool.lend(40).release();
        assertThat(pool.lend(50).memory().capacity()).isEqualTo(50);
        assertThat(pool.idleBytes()).isEqualTo(40);
    }

    @Test
    void idleMemoryIsBoundedAndTheOldestGoesFirst() {
        Lease<ByteBuffer> old = pool.lend(60);
        Lease<ByteBuffer> young = pool.lend(50);
        ByteBuffer youngMemory = young.memory();
        old.release();
        young.release();
        assertThat(pool.idleBytes()).isEqualTo(50);
        assertThat(pool.lend(50).memory()).isSameAs(youngMemory);
        pool.lend(101).release();
        assertThat(pool.idleBytes()).isZero();
    }

    @Test
    void memoryComesBackWhenTheLastHolderLetsGo() {
        Lease<ByteBuffer> lease = pool.lend(40);
        assertThat(lease.hold()).isTrue();
        lease.release();
        assertThat(pool.lent()).isEqualTo(1);
        lease.release();
        assertThat(pool.lent()).isZero();
    }

    @Test
    void memoryThatCameBackCannotBeHeld() {
        Lease<ByteBuffer> lease = pool.lend(40);
        lease.release();
        assertThat(lease.hold()).isFalse();
        assertThat(lease.hold()).isFalse();
        assertThatIllegalStateException().isThrownBy(lease::release);
    }
}
