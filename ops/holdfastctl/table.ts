/**
 * Tables as wide as the terminal at most: the widest column gives way, then the gaps. What is still
 * too wide is shown row by row. Numbers stand to the right.
 */
export type Cell = string | number | null;

/** How far a column gives way; some begin alike in many rows. */
const columnWidthMin = 8;
const longer: Readonly<Record<string, number>> = { what: 10, by: 10 };

export function table(
  columns: number,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => row[column].length)),
  );
  const gap = shrink(columns, header, widths);
  if (gap === null) return rowByRow(header, texts);
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
  if (typeof cell === 'string') return cell.replace(/\s+/g, ' ');
  return String(Number.isInteger(cell) ? cell : Math.round(cell * 10) / 10);
}

/** What is copied into the next command, and times, are never cut. */
const whole: readonly string[] = ['event', 'attempt', 'at (UTC)', 'start (UTC)', 'prices'];

/** The gap between columns with which everything fits; null: with none. */
function shrink(columns: number, header: readonly string[], widths: number[]): number | null {
  const total = (gap: number): number =>
    widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  while (total(2) > columns) {
    const may = widths.map((width, column) => (givesWay(header[column], width) ? width : 0));
    const widest = may.indexOf(Math.max(...may));
    if (may[widest] === 0) return total(1) <= columns ? 1 : null;
    widths[widest] -= 1;
  }
  return 2;
}

const givesWay = (name: string, width: number): boolean =>
  !whole.includes(name) && width > (longer[name] ?? columnWidthMin);

const fit = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;

function rowByRow(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...header.map((name) => name.length));
  return rows
    .map((row) => row.map((text, i) => `${header[i].padEnd(width)}  ${text}`).join('\n'))
    .join('\n\n');
}

/** Prose, broken between words; never within one. */
export function wrapped(columns: number, text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
