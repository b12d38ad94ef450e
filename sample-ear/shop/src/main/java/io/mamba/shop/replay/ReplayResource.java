package io.mamba.shop.replay;

import io.mamba.shop.Problem;
import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;

/** {@code POST /replay} starts a replay, {@code GET /replay} says how far the last one is. */
@Path("replay")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ReplayResource {

    private static final int MOST = 1_000_000;

    @Inject
    private Replay replay;

    @Inject
    private LatestReplay latest;

    @POST
    @Consumes(MediaType.WILDCARD)
    public Response start(String body) {
        JsonObject asked;
        try {
            asked = JsonText.parse(body);
        } catch (JsonException e) {
            throw Problem.badRequest("The body is not a JSON object: " + e.getMessage());
        }
        replay.start(positive(asked, "orders"), positive(asked, "rate"));
        return Response.accepted(show()).build();
    }

    @GET
    public String progress() {
        return show();
    }

    private String show() {
        return latest.toJson(Instant.now()).toString();
    }

    private static int positive(JsonObject asked, String name) {
        if (asked.get(name) instanceof JsonNumber number) {
            try {
                int value = number.bigDecimalValue().intValueExact();
                if (value >= 1 && value <= MOST) {
                    return value;
                }
            } catch (ArithmeticException e) {
                throw outOfBounds(name);
            }
        }
        throw outOfBounds(name);
    }

    private static Problem outOfBounds(String name) {
        return Problem.badRequest(name + " must be a whole number from 1 to " + MOST);
    }
}
