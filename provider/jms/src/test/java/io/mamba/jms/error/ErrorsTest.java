package io.mamba.jms.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageEOFException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void everyCodeBecomesTheCodeOfAnException() {
        for (ErrorCode code : ErrorCode.values()) {
            MambaException cause = new MambaException(code, "why");

            JMSException error = Errors.of(cause);

            assertThat(error.getErrorCode()).isEqualTo(code.name());
            assertThat(error).hasMessage("why").hasCause(cause);
            assertThat(error.getLinkedException()).isSameAs(cause);
        }
    }

    @Test
    void codesBecomeTheExceptionsOfTheApi() {
        assertThatThrownBy(() -> Errors.check(() -> {
                    throw new MambaException(ErrorCode.INVALID_SELECTOR, "why");
                }))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> Errors.uncheck(() -> {
                    throw new MambaException(ErrorCode.ILLEGAL_STATE, "why");
                }))
                .isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void runtimeTwinsKeepCodeMessageAndCause() {
        JMSException cause = new IllegalStateException("why", "CODE");

        Throwable twin = catchThrowable(() -> Errors.uncheck(() -> {
            throw cause;
        }));

        assertThat(twin)
                .isInstanceOfSatisfying(
                        JMSRuntimeException.class,
                        error -> assertThat(error.getErrorCode()).isEqualTo("CODE"))
                .hasMessage("why")
                .hasCause(cause);
    }

    @Test
    void anExceptionWithoutTwinIsAPlainRuntimeException() {
        assertThatThrownBy(() -> Errors.uncheck(() -> {
                    throw new MessageEOFException("why");
                }))
                .isExactlyInstanceOf(JMSRuntimeException.class);
    }
}
