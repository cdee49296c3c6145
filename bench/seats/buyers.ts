import http from 'node:http';

/** Buyers who each have an address of their own, and hold one seat after the other. */
export interface Buyers {
  readonly url: string;
  readonly agents: readonly http.Agent[];
  readonly tokens: readonly string[];
  /** The field of a hold that names its seats: an older build has another word. */
  readonly field: string;
  /** The next seat that nobody has asked for. */
  seat: number;
}

export interface HoldTimes {
  readonly held: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const buyerCount = 40;
const holdsPerSecond = 400;
const seatsPerRow = 10;
const showId = 'evt_show1';

export async function openBuyers(url: string): Promise<Buyers> {
  const agents = Array.from({ length: buyerCount }, (_, i) => {
    const localAddress = `127.0.1.${i + 1}`;
    return new http.Agent({ keepAlive: true, maxSockets: 8, localAddress });
  });
  const tokens: string[] = [];
  for (const agent of agents) {
    const { body } = await post(agent, url, '/v1/sessions', {}, '');
    tokens.push((JSON.parse(body) as { token: string }).token);
  }
  const buyers = { url, agents, tokens, field: 'seat_ids', seat: 0 };
  if ((await hold(buyers, 0)) !== 201) buyers.field = 'seats';
  return buyers;
}

export const closeBuyers = ({ agents }: Buyers): void => agents.forEach((agent) => agent.destroy());

/** In an open loop: a hold is late from the moment it was due, whatever it had to wait for. */
export async function holdFor(buyers: Buyers, ms: number): Promise<HoldTimes> {
  const count = Math.floor((ms / 1_000) * holdsPerSecond);
  const startMs = performance.now();
  const times: number[] = [];
  let failed = 0;
  const running: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const dueMs = startMs + (i * 1_000) / holdsPerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const one = hold(buyers, i % buyerCount).then((status) => {
      if (status === 201) times.push(performance.now() - dueMs);
      else failed += 1;
    });
    // Whoever waits for all of them hears of it.
    one.catch(() => undefined);
    running.push(one);
  }
  await Promise.all(running);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { held: times.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function hold(buyers: Buyers, buyer: number): Promise<number> {
  const seat = buyers.seat++;
  const id = `${rowName(Math.floor(seat / seatsPerRow))}-${(seat % seatsPerRow) + 1}`;
  const body = { event_id: showId, [buyers.field]: [id] };
  const { agents, tokens, url } = buyers;
  const { status } = await post(agents[buyer], url, '/v1/reservations', body, tokens[buyer]);
  return status;
}

/** As the fake catalogue names rows: A to Z, AA, AB and so on. */
function rowName(row: number): string {
  const letter = String.fromCharCode(65 + (row % 26));
  return row < 26 ? letter : rowName(Math.floor(row / 26) - 1) + letter;
}

function post(
  agent: http.Agent,
  url: string,
  path: string,
  value: object,
  token: string,
): Promise<{ status: number; body: string }> {
  const text = JSON.stringify(value);
  const headers = {
    'content-type': 'application/json',
    'content-length': text.length,
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers };
    const request = http.request(new URL(path, url), options, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The gateway closes what was idle: a line that was taken up at that moment is not asked.
      const wasClosed = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      if (wasClosed) resolve(post(agent, url, path, value, token));
      else reject(new Error(`${path}, on a new line: ${error.message}`, { cause: error }));
    });
    request.end(text);
  });
}
