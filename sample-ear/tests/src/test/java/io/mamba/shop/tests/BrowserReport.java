package io.mamba.shop.tests;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/** One line of what the browser's script says: the result of a check, or something that it asks for. */
record BrowserReport(@Nullable Check check, String asked) {

    private static final JsonProvider JSON = JsonProvider.provider();

    /** @param failure null when the check passed */
    record Check(String name, int millis, @Nullable String failure) {}

    static BrowserReport of(String line) {
        try (JsonReader reader = JSON.createReader(new StringReader(line))) {
            JsonObject said = reader.readObject();
            if (said.containsKey("ask")) {
                return new BrowserReport(null, said.getString("ask"));
            }
            String failure = said.getBoolean("ok") ? null : said.getString("why");
            return new BrowserReport(new Check(said.getString("check"), said.getInt("millis"), failure), "");
        }
    }
}
