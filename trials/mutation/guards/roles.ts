import { edit, type Mutation } from '../mutation.js';

const admin = ['apps/gateway/routes/admin/admin.process.spec.ts'];
const operators = 'apps/gateway/auth/operator-tokens.ts';
const operatorSpecs = ['apps/gateway/auth/operator-tokens.spec.ts'];
const powers = 'apps/gateway/auth/powers.ts';
const powerSpecs = ['apps/gateway/auth/powers.spec.ts'];

/** Who may do more than buy, and with whose events. */
export const roles: readonly Mutation[] = [
  {
    name: 'role-asked',
    guarantee: 'access',
    guard: 'the role that a route asks for',
    file: 'apps/gateway/http/endpoint.ts',
    edits: edit('this.roles === null || hasOneOf(caller, this.roles)', 'this.roles !== undefined'),
    specs: admin,
  },
  {
    name: 'role-own-events',
    guarantee: 'access',
    guard: 'an organiser has his own events only (OE1)',
    file: 'apps/gateway/routes/table.ts',
    edits: edit('handle: ownEventsOnly(row, handle, parts)', 'handle'),
    specs: admin,
  },
  {
    name: 'role-own-list',
    guarantee: 'access',
    guard: 'only staff is shown everybody’s events',
    file: 'apps/gateway/routes/shared/own-events.ts',
    edits: edit("role !== 'organiser' && powers.roles", 'powers.roles'),
    specs: admin,
  },
  {
    name: 'role-record-first',
    guarantee: 'G9',
    guard: 'a change by a role is on record before it is tried (AD1)',
    file: 'apps/gateway/routes/admin/handlers.ts',
    edits: edit(
      'await parts.office.begin(asked);',
      "await parts.office.begin(asked).catch(() => '0' as AuditId);",
    ),
    specs: admin,
  },
  {
    name: 'replay-nobody',
    guarantee: 'access',
    guard: 'the replay of a sale tells of nobody (SS1)',
    file: 'libs/office/sale-steps.ts',
    edits: edit(
      "createHash('sha256').update(holdId).digest('base64url').slice(0, 12)",
      "holdId.slice(0, createHash('sha256').update(holdId).digest().length)",
    ),
    specs: ['apps/gateway/routes/replay/replay.process.spec.ts'],
  },
  {
    name: 'status-sre',
    guarantee: 'access',
    guard: 'who runs the system, and nobody else, is shown its state',
    file: 'apps/gateway/routes/status/rows.ts',
    edits: edit("roles: ['sre']", "roles: ['organiser', 'support', 'finance', 'sre']"),
    specs: ['apps/gateway/routes/status/status.process.spec.ts'],
  },
  {
    name: 'role-words',
    guarantee: 'G8',
    guard: 'how many words of a claim are looked at',
    file: powers,
    edits: edit('.slice(0, limits.claimWordsMax)', '.slice(0)'),
    specs: powerSpecs,
  },
  {
    name: 'role-organiser-id',
    guarantee: 'access',
    guard: 'what can be the id of an organiser (PO1)',
    file: powers,
    edits: edit('.filter(isOrganiserId)', '.slice(0)'),
    specs: powerSpecs,
  },
  {
    name: 'role-inherited',
    guarantee: 'access',
    guard: 'a claim is the token’s own',
    file: powers,
    edits: edit('value === null || !Object.hasOwn(value, name)', 'value === null'),
    specs: powerSpecs,
  },
  {
    name: 'operator-signature',
    guarantee: 'access',
    guard: 'the signature of an operator’s token',
    file: operators,
    edits: edit('|| !isSigned(token, end, this.key, this.second)', '|| end < 0'),
    specs: operatorSpecs,
  },
  {
    name: 'operator-key',
    guarantee: 'access',
    guard: 'a key of their own for the tokens of operators (OT1)',
    file: operators,
    edits: edit(
      "createHmac('sha256', secret).update(purpose).digest()",
      'Buffer.from(`${secret}${purpose.slice(purpose.length)}`)',
    ),
    specs: operatorSpecs,
  },
  {
    name: 'operator-header',
    guarantee: 'access',
    guard: 'only the header that these tokens have',
    file: operators,
    edits: edit('if (!this.isOperator(token) || ', "if (token === '' || "),
    specs: operatorSpecs,
  },
  {
    name: 'operator-life',
    guarantee: 'access',
    guard: 'how long such a token may be for (OT2)',
    file: operators,
    edits: edit('lifeMs <= limits.operatorTokenTtlMsMax ?', 'lifeMs > 0 ?'),
    specs: operatorSpecs,
  },
  {
    name: 'audit-for-ever',
    guarantee: 'G9',
    guard: 'with 0 days nothing is taken out of the record of who asked for what',
    file: 'apps/gateway/routes/admin/audit-retention.ts',
    edits: edit('if (days === 0) return () => undefined;', ''),
    specs: ['apps/gateway/routes/admin/audit-retention.spec.ts'],
  },
  {
    name: 'audit-not-waited-for',
    guarantee: 'G8',
    guard: 'gateways that shorten the record at once do not wait for each other',
    file: 'libs/office/postgres-office.ts',
    edits: edit(' FOR UPDATE SKIP LOCKED)`', ')`'),
    specs: ['libs/office/postgres-office.process.spec.ts'],
  },
];
