import { edit, type Mutation } from '../mutation.js';

/** What may be written about a request, and how much of it. */
export const logs: readonly Mutation[] = [
  {
    name: 'log-bound',
    guarantee: 'G8',
    guard: 'so many lines of a kind a second',
    file: 'libs/platform/bounded-log.ts',
    edits: edit('    if (this.left > 0) {', '    if (this.left > -Infinity) {'),
    specs: ['libs/platform/bounded-log.spec.ts'],
  },
  {
    name: 'log-traces',
    guarantee: 'G8',
    guard: 'a line about many commands names a few',
    file: 'libs/actor/named-mail.ts',
    edits: edit('if (commands < limits.tracesPerLineMax)', 'if (commands < limits.mailboxMax)'),
    specs: ['libs/actor/group-commit.spec.ts'],
  },
  {
    name: 'log-ids',
    guarantee: 'access',
    guard: 'a client writes nothing into the log but ids and a valid trace',
    file: 'apps/gateway/http/request-log.ts',
    edits: edit("bookingIdOf(said('booking_id'))", "(said('booking_id') as never)"),
    specs: ['apps/gateway/http/request-record.spec.ts'],
  },
  {
    name: 'trace-strict',
    guarantee: 'access',
    guard: 'a traceparent that is not valid is ignored',
    file: 'libs/platform/trace.ts',
    edits: edit("version === 'ff' || !isTraceId(trace)", "version === 'ff'"),
    specs: ['libs/platform/trace.spec.ts'],
  },
];
