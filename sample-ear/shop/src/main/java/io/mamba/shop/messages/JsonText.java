package io.mamba.shop.messages;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;

/** JSON in and out through one provider, which is looked up once. */
public final class JsonText {

    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private JsonText() {}

    public static JsonObjectBuilder object() {
        return PROVIDER.createObjectBuilder();
    }

    public static JsonArrayBuilder array() {
        return PROVIDER.createArrayBuilder();
    }

    public static JsonValue number(long number) {
        return PROVIDER.createValue(number);
    }

    public static JsonValue string(String text) {
        return PROVIDER.createValue(text);
    }

    /** Throws {@link JsonException} when the text is anything else than one JSON object and nothing after it. */
    public static JsonObject parse(String text) {
        try (JsonParser parser = PROVIDER.createParser(new StringReader(text))) {
            if (!parser.hasNext() || parser.next() != JsonParser.Event.START_OBJECT) {
                throw new JsonException("it does not begin with {");
            }
            JsonObject object = parser.getObject();
            if (parser.hasNext()) {
                throw new JsonException("something follows the object");
            }
            return object;
        }
    }
}
