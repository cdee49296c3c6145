import type { Door } from './doors.js';
import type { Matrix } from './matrix.js';
import { personNames } from './scene.js';

export interface AttackReport {
  readonly matrix: Matrix;
  readonly doors: readonly Door[];
}

export const holesOf = ({ matrix, doors }: AttackReport): readonly string[] => [
  ...matrix.holes,
  ...doors.flatMap(({ name, holes }) => holes.map((hole) => `${name}: ${hole}`)),
];

const legend =
  'in: carried out   who?: 401   no: 403   none: as if it were not there, 404   !: a hole   ' +
  '-: not tried';

export function reportLines(report: AttackReport): string[] {
  const { matrix, doors } = report;
  const routeWidth = Math.max(5, ...matrix.rows.map(({ route }) => route.length));
  const line = (route: string, cells: readonly string[]): string =>
    `${route.padEnd(routeWidth)}  ${cells.map((cell) => cell.padEnd(9)).join(' ')}`.trimEnd();
  const holes = holesOf(report);
  return [
    line('route', personNames),
    ...matrix.rows.map(({ route, answers }) =>
      line(
        route,
        personNames.map((name) => answers[name]),
      ),
    ),
    legend,
    '',
    ...doors.map(({ name, tried, holes: open }) => {
      const told = open.length === 0 ? 'all held' : `${open.length} GOT THROUGH`;
      return `${name.padEnd(30)} ${String(tried).padStart(4)} tried  ${told}`;
    }),
    '',
    ...holes.map((hole) => `HOLE ${hole}`),
    holes.length === 0 ? 'no hole found' : `${holes.length} holes`,
  ];
}
