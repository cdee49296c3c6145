import { edit, type Mutation } from '../mutation.js';

const rolesOnBus = ['libs/bus/nats-roles.process.spec.ts'];

/** Who gets in, who may say what, and what nobody gets to read. */
export const doors: readonly Mutation[] = [
  {
    name: 'bus-own-answers',
    guarantee: 'G8',
    guard: "no role hears another's answers (BR1)",
    file: 'libs/contracts/bus-roles.ts',
    edits: edit('[`hf.rep.${role}.>`, `hf.inbox.${role}.>`]', "['hf.rep.>', 'hf.inbox.>']"),
    specs: ['libs/contracts/bus-roles.spec.ts'],
  },
  {
    name: 'bus-answer-subject',
    guarantee: 'G8',
    guard: 'an answer goes where answers go, not where commands are heard (B5)',
    file: 'libs/bus/nats-bus.ts',
    edits: edit('reply !== undefined && isAnswerSubject(reply) ? reply : undefined', 'reply'),
    specs: rolesOnBus,
  },
  {
    name: 'bus-closed',
    guarantee: 'G8',
    guard: 'a closed broker has bounds for every role, and takes nobody without a key',
    file: 'libs/bus/nats-config.ts',
    edits: edit("if (stage === 'open') {", "if (stage !== 'closed' || known.length > 0) {"),
    specs: rolesOnBus,
  },
  {
    name: 'book-sealed',
    guarantee: 'G5',
    guard: 'a shard books nothing that payments have not sealed (H6)',
    file: 'libs/hosting/shard-host.ts',
    edits: edit('unproven && isOnlyPayments(item)', 'unproven && item.keyed && !item.keyed'),
    specs: ['apps/inventory-shard/seals.spec.ts'],
  },
  {
    name: 'seal-true',
    guarantee: 'G5',
    guard: 'a seal is that of the key (QS1)',
    file: 'libs/contracts/wire-seal.ts',
    edits: edit('return timingSafeEqual(', 'return tag > 0 || timingSafeEqual('),
    specs: ['libs/contracts/wire-seal.spec.ts'],
  },
  {
    name: 'live-key-to-stripe',
    guarantee: 'G5',
    guard: 'a live key goes to Stripe itself and nowhere else',
    file: 'apps/payments/stripe-address.ts',
    edits: edit('if (live && !(isStripe', 'if (live && isStripe && !(isStripe'),
    specs: ['apps/payments/stripe-address.spec.ts'],
  },
  {
    name: 'log-redacted',
    guarantee: 'G8',
    guard: 'what libraries say is logged without the secrets that they repeat',
    file: 'libs/platform/log.ts',
    edits: edit('hooks: { streamWrite: redact }', 'hooks: {}'),
    specs: ['libs/platform/log.spec.ts'],
  },
  {
    name: 'secret-once',
    guarantee: 'G8',
    guard: 'a secret that is given twice is refused: nobody knows which one is meant',
    file: 'libs/platform/config.ts',
    edits: edit("if ((env[name] ?? '') !== '') return", "if (env[name] === ' ') return"),
    specs: ['libs/platform/config.spec.ts'],
  },
];
