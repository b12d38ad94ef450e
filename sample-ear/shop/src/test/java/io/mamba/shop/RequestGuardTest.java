package io.mamba.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class RequestGuardTest {

    @Test
    void letsABodyOfTheLargestSizePass() throws IOException {
        InputStream body = RequestGuard.limited(new ByteArrayInputStream(new byte[RequestGuard.LARGEST_BODY]));

        assertThat(body.readAllBytes()).hasSize(RequestGuard.LARGEST_BODY);
    }

    @Test
    void refusesALargerOneThatDidNotSaySo() {
        InputStream body = RequestGuard.limited(new ByteArrayInputStream(new byte[RequestGuard.LARGEST_BODY + 1]));

        assertThatThrownBy(body::readAllBytes)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(413))
                .hasMessageContaining("256 KiB");
    }
}
