import { BareServer } from '../bare.js';
import type { Generator } from '../load/generator.js';
import type { LoadPlan } from '../load/plan.js';
import { spread, type Spread } from '../summary.js';

const connections = 64;
const warmUpMs = 300;

/** A poll of how far it is, beside a bare server that answers as much; in turn. */
export async function pollsToBare(
  generator: Generator,
  url: URL,
  eventId: string,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<{ readonly perSecond: Spread; readonly ratio: Spread; readonly wrong: number }> {
  const path = `/v1/events/${eventId}/queue/serving`;
  const answer = await (await fetch(new URL(path, url))).text();
  const bare = await BareServer.start(answer, null);
  const [rates, ratios]: [number[], number[]] = [[], []];
  let wrong = 0;
  const rateAt = async (host: string, port: number): Promise<number> => {
    const result = await generator.run(planOf(host, port, path, seconds * 1_000));
    wrong += result.total.errors + result.total.timeouts;
    return (result.window.accepted / result.measuredMs) * 1_000;
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const yardstick = await rateAt('127.0.0.1', bare.port);
      const rate = await rateAt(url.hostname, Number(url.port));
      rates.push(rate);
      ratios.push(rate / yardstick);
    }
  } finally {
    await bare.stop();
  }
  return { perSecond: spread(rates), ratio: spread(ratios), wrong };
}

const planOf = (host: string, port: number, path: string, measureMs: number): LoadPlan => ({
  ...{ host, port, connections, warmUpMs, measureMs, timeoutMs: 5_000 },
  arrivals: { kind: 'closed' },
  requests: {
    ...{ method: 'GET', path, bodyBefore: '', bodyAfter: '' },
    users: Array.from({ length: connections }, () => []),
    values: new Array<string>(1_000_000).fill('0'),
  },
});
