package io.mamba.shop.tests;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Talks to the shop as any of its customers would. */
final class ShopClient {

    private static final JsonProvider JSON = JsonProvider.provider();

    private final URI api;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    ShopClient(URI shop) {
        this.api = shop.resolve("api/");
    }

    /** What the shop answered. */
    record Answer(int status, String body) {

        JsonObject json() {
            return value().asJsonObject();
        }

        JsonArray array() {
            return value().asJsonArray();
        }

        String error() {
            return json().getString("error");
        }

        private JsonValue value() {
            try (JsonReader reader = JSON.createReader(new StringReader(body))) {
                return reader.readValue();
            }
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(api.resolve(path)).GET());
    }

    Answer post(String path, String body) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer postFromAnotherSite(String path, String body) {
        return send(HttpRequest.newBuilder(api.resolve(path))
                .header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Opens the stream of changes; whoever asks closes it. */
    HttpResponse<InputStream> watch() {
        return send(HttpRequest.newBuilder(api.resolve("live")).GET(), HttpResponse.BodyHandlers.ofInputStream());
    }

    Answer order(String id, String sku, int quantity) {
        return post(
                "orders",
                "{\"orderId\":\"" + id + "\",\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + sku + "\",\"quantity\":"
                        + quantity + "}]}");
    }

    Answer pay(String id) {
        return post("orders/" + id + "/payment", "");
    }

    /** The state of an order; "NONE" while it is not stored. */
    String state(String id) {
        Answer answer = get("orders/" + id);
        return answer.status() == 404 ? "NONE" : answer.json().getString("state");
    }

    Audit audit() {
        Answer answer = get("audit");
        if (answer.status() != 200) {
            throw new IllegalStateException("No audit: " + answer);
        }
        return new Audit(answer.json());
    }

    private Answer send(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(60)).build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
