/** A number, as a table shows it: 12, 1.5, $0.004, 47 %, 3.2 s, or ? where none is known. */
const AMOUNT = /^(\$?[\d,]+(\.\d+)?( (%|s))?|\?)$/;

/** Rows in columns that a terminal shows well, two spaces apart: numbers at the right of their column, words at the left. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({length: count}, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  // The name of a column of numbers stands above their last digits.
  const isNumbers = widths.map((_, column) =>
    rows.some((row, index) => index > 0 && AMOUNT.test(row[column] ?? '')),
  );
  const cell = (text: string, column: number) => {
    const width = widths[column] ?? 0;
    return isNumbers[column] ? text.padStart(width) : text.padEnd(width);
  };
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}
