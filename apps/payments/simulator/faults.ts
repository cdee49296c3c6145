import type { Random } from '#libs/platform/random.js';

/**
 * Faults a test can order, each at the place where the real service shows it:
 * - latency: waits before anything else, the idempotency key being in use meanwhile
 * - error_before / error_after: 500 without or with the effect, saved under the key as Stripe does
 * - drop_before / drop_after: the connection is cut without or with the effect
 * - rate_limit, lock_timeout: 429, nothing executed, nothing saved
 * - key_in_use: 409, as if another request with the key were under way; the same otherwise
 * - late_answer: the effect at once, the answer after `latency_ms`
 * - processing: the bank takes `latency_ms` over a charge, whose intent is `processing` meanwhile
 */
export const faultKinds = [
  'latency',
  'error_before',
  'error_after',
  'drop_before',
  'drop_after',
  'rate_limit',
  'lock_timeout',
  'key_in_use',
  'late_answer',
  'processing',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultRule {
  readonly kind: FaultKind;
  /** e.g. `payment_intents.create`; `*` is every operation. */
  readonly operation: string;
  /** How many requests it hits; null = until cleared. */
  readonly times: number | null;
  /** 0..1. */
  readonly probability: number;
  readonly latencyMs: number;
}

export class Faults {
  private rules: { rule: FaultRule; left: number }[] = [];

  constructor(private readonly random: Random) {}

  replace(rules: readonly FaultRule[]): void {
    this.rules = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  /** All rules that hit this request; at most one of each kind. */
  take(operation: string): ReadonlyMap<FaultKind, FaultRule> {
    const hit = new Map<FaultKind, FaultRule>();
    for (const entry of this.rules) {
      const { rule } = entry;
      if (rule.operation !== '*' && rule.operation !== operation) continue;
      if (entry.left <= 0 || hit.has(rule.kind)) continue;
      if (this.random.fraction() >= rule.probability) continue;
      entry.left -= 1;
      hit.set(rule.kind, rule);
    }
    return hit;
  }
}

/** `{"faults":[{"kind","operation"?,"times"?,"probability"?,"latency_ms"?}]}`; null = malformed. */
export function faultsOf(body: string): readonly FaultRule[] | null {
  const parsed = jsonOf(body);
  if (!isRecord(parsed) || !Array.isArray(parsed.faults)) return null;
  const rules = parsed.faults.map(ruleOf);
  return rules.every((rule) => rule !== null) ? rules : null;
}

function ruleOf(value: unknown): FaultRule | null {
  if (!isRecord(value)) return null;
  const { kind, operation = '*', times = 1, probability = 1, latency_ms: latencyMs = 0 } = value;
  if (!faultKinds.some((known) => known === kind) || typeof operation !== 'string') return null;
  if (times !== null && typeof times !== 'number') return null;
  if (typeof probability !== 'number' || typeof latencyMs !== 'number') return null;
  return { kind: kind as FaultKind, operation, times, probability, latencyMs };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
