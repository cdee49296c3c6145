import { roles } from '#libs/contracts/roles.js';

import type { Row } from '../routes/area.js';
import { routeRows } from '../routes/table.js';

/** docs/reference/roles.md: who may ask for what, made from the table that is checked. */
export function rolesPage(): string {
  return `# Who may what

<!-- Generated from the route table by \`npm run docs\`. -->

Every route says who may ask, and one place checks it
([endpoint.ts](../../apps/gateway/http/endpoint.ts)). "Own": things that the caller made, or events
of the organisers he acts for; anything else is answered as if it were not there. "All": whosever
it is.
Where the roles come from: [operating/roles.md](../operating/roles.md).

| Route | Nobody | Guest, buyer | ${roles.map(capital).join(' | ')} |
| --- | --- | --- | ${roles.map(() => '---').join(' | ')} |
${routeRows.map(lineOf).join('\n')}
`;
}

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

function lineOf(row: Row): string {
  const cells = [reach(row, null), reach(row, 'buyer'), ...roles.map((role) => reach(row, role))];
  return `| \`${row.method} ${row.path}\` | ${cells.join(' | ')} |`;
}

function reach({ auth, object }: Row, who: (typeof roles)[number] | 'buyer' | null): string {
  if (auth === 'none') return 'yes';
  if (who === null) return '';
  if (auth === 'user') return object === 'none' ? 'yes' : 'own';
  if (who === 'buyer' || !auth.roles.includes(who)) return '';
  return object === 'organiser' && who === 'organiser' ? 'own' : 'all';
}
