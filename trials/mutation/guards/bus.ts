import { edit, type Mutation } from '../mutation.js';

const inbox = 'libs/bus/request-inbox.ts';
const memory = 'libs/bus/memory-bus.ts';
const control = 'libs/bus/control-server.ts';
const controlSpecs = ['libs/bus/control-server.spec.ts'];
const specs = ['libs/bus/request-inbox.spec.ts', 'libs/bus/memory-bus.spec.ts'];

/** What a message may be believed to have done (B1 to B4), and for how long one waits. */
export const bus: readonly Mutation[] = [
  {
    name: 'bus-deadline',
    guarantee: 'G8',
    guard: 'the deadline of a request',
    file: inbox,
    edits: edit('this.clock.after(timeoutMs, () =>', 'this.clock.after(timeoutMs + 1e6, () =>'),
    specs,
  },
  {
    name: 'bus-nobody',
    guarantee: 'G4',
    guard: 'nobody there is told from no answer (B3)',
    file: inbox,
    edits: edit("? { kind: 'no_responders' }", "? { kind: 'timeout' }"),
    specs,
  },
  {
    name: 'bus-requests',
    guarantee: 'G8',
    guard: 'the bound of requests without an answer',
    file: inbox,
    edits: edit(
      'if (this.waiting.size >= limits.busRequestsMax) return',
      'if (this.waiting.size < 0) return',
    ),
    specs,
  },
  {
    name: 'bus-match',
    guarantee: 'G4',
    guard: 'an answer is for the request whose number it has',
    file: inbox,
    edits: edit(
      'const done = this.waiting.get(token);',
      'const done = this.waiting.values().next().value;',
    ),
    specs,
  },
  {
    name: 'bus-outage',
    guarantee: 'G4',
    guard: 'nothing is published during an outage, to arrive later (memory)',
    file: memory,
    edits: edit('if (!this.connected || this.pendingBytes', 'if (this.closed || this.pendingBytes'),
    specs,
  },
  {
    name: 'bus-pending',
    guarantee: 'G8',
    guard: 'the bound of bytes that have not left (memory)',
    file: memory,
    edits: edit(' || this.pendingBytes > limits.busPendingBytesMax) return', ') return'),
    specs,
  },
  {
    name: 'bus-handler',
    guarantee: 'G7',
    guard: 'a handler that throws does not end the others (memory, B4)',
    file: memory,
    edits: edit(
      'log.error({ err: error, subject: message.subject, bus: this.name },' +
        " 'a bus handler failed');",
      'throw error;',
    ),
    specs,
  },
  {
    name: 'nats-outage',
    guarantee: 'G4',
    guard: 'nothing is published during an outage, to arrive later (NATS)',
    file: 'libs/bus/nats-bus.ts',
    edits: edit(
      'if (!this.connected || this.link.pendingBytes',
      'if (this.closing !== null || this.link.pendingBytes',
    ),
    specs: ['libs/bus/nats-bus.process.spec.ts'],
    tests: 'refuses to publish, and nothing',
  },
  {
    name: 'nats-pending',
    guarantee: 'G8',
    guard: 'the bound of bytes that have not left (NATS)',
    file: 'libs/bus/nats-bus.ts',
    edits: edit(' || this.link.pendingBytes > limits.busPendingBytesMax) {', ') {'),
    specs: ['libs/bus/nats-bus.process.spec.ts'],
    tests: 'too many bytes',
  },
  {
    name: 'nats-handler',
    guarantee: 'G7',
    guard: 'a handler that throws does not end the others (NATS, B4)',
    file: 'libs/bus/nats-bus.ts',
    edits: edit(
      "this.log.error({ err: error, subject: message.subject }, 'a bus handler failed');",
      'throw error;',
    ),
    specs: ['libs/bus/nats-bus.process.spec.ts'],
    tests: 'exception of a handler',
  },
  {
    name: 'control-bound',
    guarantee: 'G8',
    guard: 'the bound of control calls at once (CS2)',
    file: control,
    edits: edit('if (this.running.size >= (', 'if (-1 >= ('),
    specs: controlSpecs,
  },
  {
    name: 'control-unreadable',
    guarantee: 'G8',
    guard: 'a control call that cannot be read is answered (CS1)',
    file: control,
    edits: edit("this.reply(message, encodeFailure('the call is not readable'));", ''),
    specs: controlSpecs,
  },
  {
    name: 'control-throws',
    guarantee: 'G8',
    guard: 'a control call whose handler throws is answered (CS1)',
    file: control,
    edits: edit('this.reply(message, encodeFailure(messageOf(error)));', ''),
    specs: controlSpecs,
  },
  {
    name: 'control-close',
    guarantee: 'G4',
    guard: 'a control server ends after the calls under way (CS3)',
    file: control,
    edits: edit('await Promise.all(this.running);', ''),
    specs: controlSpecs,
  },
  {
    name: 'control-own-calls',
    guarantee: 'access',
    guard: 'only handlers that were given are found by name',
    file: control,
    edits: edit('Object.hasOwn(handlers, name) ? handlers[name] : null', 'handlers[name] ?? null'),
    specs: controlSpecs,
  },
  {
    name: 'control-refused',
    guarantee: 'G8',
    guard: 'a call that was refused is not one that may have run',
    file: 'libs/bus/control-call.ts',
    edits: edit(
      "if ('refused' in answer) return",
      "if ('never' in answer && 'refused' in answer) return",
    ),
    specs: ['libs/bus/control-server.spec.ts'],
  },
  {
    name: 'control-old-peer',
    guarantee: 'G8',
    guard: 'a release that knows no refusals reads an error',
    file: 'libs/bus/control-call.ts',
    edits: edit(
      "codec.pack({ error: 'overloaded', refused: { retryAfterMs } });",
      'codec.pack({ refused: { retryAfterMs } });',
    ),
    specs: ['libs/bus/control-server.spec.ts'],
  },
  {
    name: 'control-said',
    guarantee: 'G8',
    guard: 'a buyer hears that payments have no room, not that nobody knows',
    file: 'apps/gateway/routes/bookings/handlers.ts',
    edits: edit(
      "if (reply.kind === 'overloaded') {",
      "if (exchange.finished && reply.kind === 'overloaded') {",
    ),
    specs: ['apps/gateway/gateway.process.spec.ts'],
    tests: 'payments',
  },
];
