/**
 * Tables of at most 80 columns, fewer in a narrow terminal: the widest column gives way. Numbers
 * stand to the right.
 */
const widthMax = (): number => Math.min(80, process.stdout.columns || 80);
const gap = 2;
const columnWidthMin = 8;

export type Cell = string | number | null;

export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => row[column].length)),
  );
  shrink(header, widths);
  const right = header.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => {
        const cut = fit(text, widths[column]);
        return right[column] ? cut.padStart(widths[column]) : cut.padEnd(widths[column]);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [header, ...texts].map(line).join('\n');
}

function textOf(cell: Cell): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  return String(Number.isInteger(cell) ? cell : Math.round(cell * 10) / 10);
}

/** What is copied into the next command, and times, are never cut. */
const whole: readonly string[] = ['event', 'at (UTC)'];

function shrink(header: readonly string[], widths: number[]): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  const most = widthMax();
  while (total() > most) {
    const may = widths.map((width, column) => (whole.includes(header[column]) ? 0 : width));
    const widest = may.indexOf(Math.max(...may));
    if (may[widest] <= columnWidthMin) return;
    widths[widest] -= 1;
  }
}

const fit = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
