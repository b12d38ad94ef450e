package io.mamba.shop.catalogue;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The FoodMart data set on the class path: files with one JSON object a line. */
public final class FoodMart {

    private FoodMart() {}

    /** A product as the data set has it. Its SKU is a number there, its price the column SRP. */
    public record Item(int number, String sku, String name, BigDecimal price) {}

    public static List<Item> products() {
        List<Item> items = new ArrayList<>();
        eachLine(
                "product.json",
                line -> items.add(new Item(
                        line.getInt("product_id"),
                        line.getJsonNumber("SKU").bigIntegerValueExact().toString(),
                        line.getString("product_name"),
                        line.getJsonNumber("SRP").bigDecimalValue().setScale(2, RoundingMode.HALF_UP))));
        return items;
    }

    public static void eachLine(String file, Consumer<JsonObject> use) {
        try (InputStream in = FoodMart.class.getResourceAsStream("/" + file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(in, () -> file + " is not on the class path"),
                        StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    use.accept(JsonText.parse(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
