/** The REPORT lines as a table: cold and warm invocations, in the order in which they ended. */
export function reportTable(reports: readonly string[]): string {
  const number = (line: string, field: string) => {
    const [, value] = new RegExp(`\\t${field}: ([\\d.]+)`).exec(line) ?? [];
    return value === undefined ? undefined : Number(value);
  };
  const seconds = (milliseconds: number | undefined) =>
    milliseconds === undefined ? '' : (milliseconds / 1000).toFixed(2);
  const rows = reports.map((line) => [
    number(line, 'Init Duration') === undefined ? 'warm' : 'cold',
    seconds(number(line, 'Init Duration')),
    seconds(number(line, 'Duration')),
    String(number(line, 'Max Memory Used') ?? ''),
  ]);
  const all = [['', 'start, s', 'invocation, s', 'memory, MB'], ...rows];
  return all.map((row) => row.map((cell) => cell.padEnd(14)).join('')).join('\n');
}
