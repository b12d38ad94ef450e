package io.mamba.shop.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands of docs/deploying.md and docs/lookups.md: the blocks that the pages mark with a name, as they stand there. */
record Guide(String text) {

    static Guide read(Path repository) throws IOException {
        return new Guide(Files.readString(repository.resolve("docs/deploying.md"))
                + Files.readString(repository.resolve("docs/lookups.md")));
    }

    String block(String name) {
        Matcher block = Pattern.compile("<!-- run: " + Pattern.quote(name) + " -->\\s*```sh\\n(.*?)```", Pattern.DOTALL)
                .matcher(text);
        if (!block.find()) {
            throw new IllegalStateException(
                    "Neither docs/deploying.md nor docs/lookups.md has commands marked 'run: " + name + "'");
        }
        return block.group(1);
    }
}
