import { edit, type Mutation } from '../mutation.js';

const deadline = 'libs/database/answer-deadline.ts';
const poolSpecs = ['libs/database/pool.process.spec.ts'];
const pooledSpecs = ['apps/payments/store/pooled.process.spec.ts'];
const silent = ['apps/gateway/silent-database.process.spec.ts'];

/** A database that does not answer: every call ends, and says what is known. */
export const database: readonly Mutation[] = [
  {
    name: 'db-answer',
    guarantee: 'G8',
    guard: 'a statement has a time to be answered in',
    file: 'libs/database/pool.ts',
    edits: edit('    boundAnswers(client, answerWithinMs);\n', ''),
    specs: poolSpecs,
  },
  {
    name: 'db-answered',
    guarantee: 'G8',
    guard: 'an answer ends the time of its statement',
    file: deadline,
    edits: edit('    clearTimeout(timer);\n    timer = setTimeout', '    timer = setTimeout'),
    specs: poolSpecs,
  },
  {
    name: 'db-pooler-names',
    guarantee: 'G8',
    guard: 'behind a pooler by transaction no statement has a name',
    file: 'libs/database/pool.ts',
    edits: edit("    if (pooler === 'transaction') withoutNames(client);\n", ''),
    specs: pooledSpecs,
  },
  {
    name: 'db-pooler-settings',
    guarantee: 'G2',
    guard: 'behind a pooler a connection is not used on which a setting that matters does not hold',
    file: 'libs/database/pooler.ts',
    edits: edit('  if (differing.length === 0) return;\n', '  if (differing.length < 9) return;\n'),
    specs: pooledSpecs,
  },
  {
    name: 'db-server',
    guarantee: 'G8',
    guard: 'the server gives up what nobody waits for',
    file: 'libs/database/pool.ts',
    edits: edit('    statement_timeout: String(Math.floor(answerWithinMs * serverPart)),\n', ''),
    specs: poolSpecs,
  },
  {
    name: 'db-connect',
    guarantee: 'G8',
    guard: 'a connection has a time to be made in',
    file: 'libs/database/pool.ts',
    edits: edit(
      'connectionTimeoutMillis: Math.min(connectTimeoutMsMax, answerWithinMs),',
      'connectionTimeoutMillis: 0,',
    ),
    specs: poolSpecs,
  },
  {
    name: 'db-unavailable',
    guarantee: 'G8',
    guard: 'who needs a silent database hears when to come back',
    file: 'apps/gateway/http/endpoint.ts',
    edits: edit('if (isDatabaseAway(error)) {', 'if (error === null) {'),
    specs: silent,
  },
  {
    name: 'db-not-begun',
    guarantee: 'G4',
    guard: 'a payment that was not begun is not unknown',
    file: 'apps/payments/bookings/booking-service.ts',
    edits: edit('if (isDatabaseAway(error)) return null;', ''),
    specs: ['apps/payments/trouble.process.spec.ts'],
    tests: 'falls silent',
  },
  {
    name: 'db-half-way',
    guarantee: 'G9',
    guard: 'a connection in the middle of a transaction is not used again',
    file: 'libs/oracle/read-history.ts',
    edits: edit('client.release(broken);', 'client.release(broken === null);'),
    specs: ['libs/oracle/read-history.process.spec.ts'],
  },
  {
    name: 'primary-recovery',
    guarantee: 'G2',
    guard: 'nobody is sent to a server that is in recovery',
    file: 'libs/database/primary.ts',
    edits: edit('told.filter(({ inRecovery }) => !inRecovery)', 'told'),
    specs: ['libs/database/primary.spec.ts'],
  },
  {
    name: 'primary-newest',
    guarantee: 'G2',
    guard: 'of two primaries the one that was promoted last',
    file: 'libs/database/primary.ts',
    edits: edit('b.timeline - a.timeline', 'a.timeline - b.timeline'),
    specs: ['libs/database/primary.spec.ts'],
  },
  {
    name: 'primary-past',
    guarantee: 'G2',
    guard: 'a primary that was left behind is not gone back to',
    file: 'libs/database/primary.ts',
    edits: edit('timeline >= atLeast', 'timeline >= 0'),
    specs: ['libs/database/primary.spec.ts'],
  },
];
