package io.mamba.shop;

import io.mamba.shop.messages.JsonText;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Every error leaves the shop as {@code {"error": ".."}}. */
@Provider
public class ProblemAnswer implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(ProblemAnswer.class.getName());

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof Problem problem) {
            return answer(problem.status(), String.valueOf(problem.getMessage()));
        }
        if (failure instanceof WebApplicationException refused) {
            return answer(refused.getResponse().getStatus(), String.valueOf(refused.getMessage()));
        }
        LOG.log(System.Logger.Level.ERROR, "A request failed", failure);
        return answer(500, "The shop could not do this just now: " + innermost(failure));
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Response answer(int status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(JsonText.object().add("error", message).build().toString())
                .build();
    }
}
