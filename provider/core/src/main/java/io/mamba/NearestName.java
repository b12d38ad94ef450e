package io.mamba;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The known name that a mistyped one was most likely meant to be. */
public final class NearestName {
    private static final int LONGEST = 100;

    private NearestName() {}

    /** The known name with the smallest edit distance, upper and lower case being the same; the first of equals. */
    public static String of(String unknown, Collection<String> known) {
        String wanted = fold(unknown);
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wanted, fold(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow(() -> new IllegalArgumentException("no name is known"));
    }

    private static String fold(String name) {
        return name.substring(0, Math.min(name.length(), LONGEST)).toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions and replacements that turn one word into the other (Levenshtein), row by row. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
