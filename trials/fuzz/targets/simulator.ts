import { mkdtemp, rm } from 'node:fs/promises';
import { request, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { startStripeSimulator } from '#apps/payments/simulator/simulator.js';
import { silentLog } from '#libs/platform/log.js';
import { drawn, promise, textBytes, type FuzzTarget, type OpenTarget } from '../target.js';

/** The Stripe simulator: answers are JSON, and refusals change nothing. */
export const simulatorTarget: FuzzTarget = { name: 'simulator', open };

const word = fc.constantFrom('a', '', '__proto__', 'pi_1', '0', '-1', '2000', '1e99', 'eur', 'xxx');
const name = fc.constantFrom(
  'amount',
  'currency',
  'payment_method',
  'capture_method',
  'confirm',
  'metadata[a]',
  'metadata[a][b]',
  'expand[]',
  'x[y][z][][][][][][][][][]',
  '__proto__[a]',
  'a[',
);
const good: [string, string][] = [
  ['amount', '2000'],
  ['currency', 'eur'],
  ['payment_method', 'pm_card_visa'],
  ['confirm', 'true'],
];
const form = fc.oneof(
  fc.constant(good),
  fc.array(fc.tuple(name as fc.Arbitrary<string>, word), { maxLength: 8 }),
);
const address = fc.constantFrom(
  'POST /v1/payment_intents',
  'GET /v1/payment_intents',
  'GET /v1/payment_intents/pi_1',
  'POST /v1/payment_intents/__proto__/confirm',
  'POST /v1/payment_intents/pi_1/capture',
  'POST /v1/payment_intents/pi_1/cancel',
  'POST /v1/refunds',
  'GET /v1/charges/ch_1',
  'GET /v1/balance_transactions',
  'GET /v1/nothing',
  'POST /_simulator/faults',
);
const inputs = fc
  .tuple(address, form)
  .map(([where, pairs]) => textBytes(`${where}\n${new URLSearchParams(pairs).toString()}`));

async function open(): Promise<OpenTarget> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fuzz-'));
  const dataFile = path.join(folder, 'stripe.json');
  const simulator = await startStripeSimulator({ port: 0, dataFile, log: silentLog() });
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const ask = (line: string, body: string) => askStripe(simulator.port, agent, line, body);
  const ledger = () => ask('GET /_simulator/ledger', '');
  return {
    valid: drawn(inputs),
    run: async (input) => {
      const [line, body = ''] = Buffer.from(input).toString('latin1').split('\n', 2);
      // Injected faults would be findings.
      if (line.includes('faults')) return 'refused';
      const before = await ledger();
      const answer = await ask(line, body);
      if (answer === null) return 'refused';
      JSON.parse(answer.text);
      promise(answer.status < 500, `an internal error: ${answer.text}`);
      const after = await ledger();
      const changed = after?.text !== before?.text;
      promise(![400, 401, 404].includes(answer.status) || !changed, 'a refusal changed the ledger');
      return answer.status < 400 ? 'accepted' : 'refused';
    },
    close: async () => {
      agent.destroy();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** null: node itself would not send it. */
function askStripe(
  port: number,
  agent: Agent,
  line: string,
  body: string,
): Promise<{ status: number; text: string } | null> {
  const [method, where] = line.split(' ', 2);
  return new Promise((resolve, reject) => {
    let sent;
    try {
      const headers = { authorization: 'Bearer sk_test_1' };
      sent = request({ host: '127.0.0.1', port, agent, method, path: where, headers });
    } catch {
      resolve(null);
      return;
    }
    sent.on('error', reject);
    sent.on('upgrade', (_response, socket) => void socket.destroy());
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text || 'null' }));
      response.on('error', reject);
    });
    sent.end(method === 'GET' ? '' : body);
  });
}
