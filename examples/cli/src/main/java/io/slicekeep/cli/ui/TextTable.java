package io.slicekeep.cli.ui;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small table in columns, numbers to the right. Confined to one thread. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final String alignment;

    /**
     * Starts a table.
     *
     * @param alignment one {@code l} or {@code r} per column
     * @param heads one per column
     */
    public TextTable(String alignment, String... heads) {
        this.alignment = alignment;
        row((Object[]) heads);
    }

    /**
     * Adds a row.
     *
     * @param cells one per column
     */
    public void row(Object... cells) {
        if (cells.length != alignment.length()) {
            throw new IllegalArgumentException("a row must have one cell per column: cells=" + Arrays.toString(cells));
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> Printable.text(String.valueOf(cell)))
                .toList());
    }

    /**
     * Prints the table.
     *
     * @param shell where to
     */
    public void print(Shell shell) {
        int[] widths = new int[alignment.length()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            shell.print(line(row, widths));
        }
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ");
            line.append(alignment.charAt(i) == 'r' ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}
