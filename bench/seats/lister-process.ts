import http from 'node:http';

/** Asks for the list as often as it is let, over a few connections, and reads what it gets. */
export interface ListerOrder {
  readonly url: string;
  readonly ms: number;
  readonly coding: string;
}

export interface ListerReport {
  readonly lists: number;
  readonly refused: number;
  readonly bytes: number;
}

const connections = 4;
/** An address that nobody else has. */
const localAddress = '127.0.2.1';

process.on('message', (order: ListerOrder) => {
  void list(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

async function list({ url, ms, coding }: ListerOrder): Promise<ListerReport> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const untilMs = performance.now() + ms;
  const sum = { lists: 0, refused: 0, bytes: 0 };
  const one = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const { status, bytes, retryMs } = await ask(agent, url, coding);
      sum.bytes += bytes;
      if (status === 200) sum.lists += 1;
      else sum.refused += 1;
      if (retryMs > 0) await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return sum;
}

interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly retryMs: number;
}

function ask(agent: http.Agent, url: string, coding: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': coding };
    const request = http.get(url, { agent, headers, localAddress }, (response) => {
      const status = response.statusCode ?? 0;
      let bytes = 0;
      let text = '';
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (status !== 200 && text.length < 1_000) text += chunk.toString();
      });
      response.on('end', () => {
        const retry = /"retry_after_ms":(\d+)/.exec(text)?.[1];
        resolve({ status, bytes, retryMs: Number(retry ?? 0) });
      });
    });
    request.on('error', reject);
  });
}
