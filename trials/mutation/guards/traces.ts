import { edit, type Mutation } from '../mutation.js';

/** Who is traced, how much of it, and under whom it stands. */
export const traces: readonly Mutation[] = [
  {
    name: 'trace-named-bound',
    guarantee: 'G8',
    guard: 'clients have so many of their requests traced a second',
    file: 'libs/platform/tracer.ts',
    edits: edit('sampled === true && this.named.take()', 'sampled === true'),
    specs: ['libs/platform/tracer.spec.ts'],
  },
  {
    name: 'trace-kept-bound',
    guarantee: 'G8',
    guard: 'so many spans a second of what failed',
    file: 'libs/platform/tracer.ts',
    edits: edit('if (!this.kept.take()) {', 'if (this.counts.kept < 0) {'),
    specs: ['libs/platform/tracer.spec.ts'],
  },
  {
    name: 'trace-attempts-bound',
    guarantee: 'G8',
    guard: 'so many payments whose steps are remembered',
    file: 'apps/payments/saga/attempt-spans.ts',
    edits: edit('this.remembered.size > limits.attemptsRememberedMax', 'oldest === undefined'),
    specs: ['apps/payments/saga/attempt-spans.spec.ts'],
  },
  {
    name: 'trace-tail',
    guarantee: 'G9',
    guard: 'what was before a slow step is told with it',
    file: 'apps/payments/saga/attempt-spans.ts',
    edits: edit('known.tookMs > limits.slowRequestMs', 'known.tookMs > Infinity'),
    specs: ['apps/payments/saga/attempt-spans.spec.ts'],
  },
  {
    name: 'trace-carried',
    guarantee: 'G9',
    guard: 'a command says that its request is traced',
    file: 'libs/routing/lane.ts',
    edits: edit('traced === undefined ? {} : { span: traced.span }', '{}'),
    specs: ['apps/inventory-shard/command-spans.spec.ts'],
  },
];
