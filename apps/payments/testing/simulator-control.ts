import type { BuyerAction } from '#libs/contracts/payments.js';

import type { Ledger } from '../simulator/ledger.js';

/** One fault as the simulator's control endpoint takes it. */
export interface OrderedFault {
  readonly kind: string;
  readonly operation?: string;
  /** null = until cleared. Default 1. */
  readonly times?: number | null;
  readonly probability?: number;
  readonly latency_ms?: number;
}

/** `key`: what the simulator at `base` (http://host:port) asks for; absent: nothing. */
export async function orderFaults(
  base: string,
  faults: readonly OrderedFault[],
  key?: string | null,
): Promise<void> {
  const answer = await fetch(`${base}/_simulator/faults`, {
    method: 'POST',
    headers: shown(key),
    body: JSON.stringify({ faults }),
  });
  if (answer.status !== 200) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
}

export async function readLedger(base: string, key?: string | null): Promise<Ledger> {
  const answer = await fetch(`${base}/_simulator/ledger`, { headers: shown(key) });
  if (answer.status !== 200) throw new Error(`ledger: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Ledger;
}

/** What goes wrong with webhooks from now on; nothing, when nothing is said. */
export async function orderWeather(
  base: string,
  weather: { readonly copies?: number; readonly delay_ms_max?: number; readonly loss?: number },
): Promise<void> {
  const body = JSON.stringify(weather);
  const answer = await fetch(`${base}/_simulator/webhooks`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`webhooks: ${answer.status} ${await answer.text()}`);
}

/** What a buyer does on the page of his bank. */
export async function answerBank(
  base: string,
  action: BuyerAction,
  outcome: 'complete' | 'fail',
): Promise<void> {
  const answer = await fetch(new URL(action.url ?? '', base), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ outcome, client_secret: action.clientSecret }),
  });
  if (answer.status >= 400) throw new Error(`3-D Secure: ${answer.status}`);
}

/** Faults that were ordered strike us as well. */
const answerWithinMs = 10_000;

const atStripe = (base: string, path: string, form?: string): Promise<Response> =>
  fetch(`${base}/v1/disputes${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer sk_test_rig' },
    signal: AbortSignal.timeout(answerWithinMs),
    ...(form === undefined ? {} : { body: form }),
  });

/** What of a dispute says how it stands. */
export interface DisputeAtProvider {
  readonly id: string;
  readonly status: string;
  readonly balance_transactions: readonly { readonly amount: number }[];
}

/** All of them, newest first. */
export async function everyDispute(base: string): Promise<readonly DisputeAtProvider[]> {
  const all: DisputeAtProvider[] = [];
  for (;;) {
    const after = all.length === 0 ? '' : `&starting_after=${all[all.length - 1].id}`;
    const answer = await atStripe(base, `?limit=100${after}`);
    if (answer.status !== 200) throw new Error(`disputes: ${answer.status}`);
    const page = (await answer.json()) as { data: DisputeAtProvider[]; has_more: boolean };
    all.push(...page.data);
    if (!page.has_more) return all;
  }
}

export async function newestDispute(base: string): Promise<string> {
  const { data } = (await (await atStripe(base, '?limit=1')).json()) as { data: { id: string }[] };
  return data[0].id;
}

/** One of them, else the newest, is decided as the evidence says, by Stripe's words for tests. */
export async function decideDispute(base: string, evidence: string, id?: string): Promise<void> {
  const form = `evidence[uncategorized_text]=${evidence}`;
  const answer = await atStripe(base, `/${id ?? (await newestDispute(base))}`, form);
  if (answer.status !== 200) throw new Error(`dispute: ${answer.status} ${await answer.text()}`);
}

const shown = (key?: string | null): Record<string, string> =>
  key === undefined || key === null ? {} : { authorization: `Bearer ${key}` };
