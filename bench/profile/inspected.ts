import { WebSocket } from 'ws';
import type { CpuProfile } from './cpu-profile.js';

/** Where a Node that gets SIGUSR1 opens its inspector. */
const inspectorUrl = 'http://127.0.0.1:9229/json/list';
const openMsMax = 5_000;
const probeMs = 50;
const sampleEveryUs = 250;

/**
 * The CPU profile of another process of ours while `work` is done: its inspector is opened by a
 * signal and closed again, so that the process runs as it always does before and behind it. One
 * process at a time: they would all take the same port.
 */
export async function profileOf(pid: number, work: () => Promise<void>): Promise<CpuProfile> {
  process.kill(pid, 'SIGUSR1');
  const inspector = await Inspector.connect(await addressOf());
  try {
    await inspector.call('Profiler.enable');
    await inspector.call('Profiler.setSamplingInterval', { interval: sampleEveryUs });
    await inspector.call('Profiler.start');
    await work();
    const { profile } = (await inspector.call('Profiler.stop')) as { profile: CpuProfile };
    return profile;
  } finally {
    await inspector.end();
  }
}

async function addressOf(): Promise<string> {
  const giveUpAtMs = performance.now() + openMsMax;
  while (performance.now() < giveUpAtMs) {
    const response = await fetch(inspectorUrl).catch(() => null);
    const [target] = ((await response?.json()) ?? []) as { webSocketDebuggerUrl: string }[];
    if (target !== undefined) return target.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, probeMs));
  }
  throw new Error('the process did not open its inspector (is port 9229 taken?)');
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

class Inspector {
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private next = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (bytes: Buffer) => {
      const reply = JSON.parse(bytes.toString()) as Reply;
      if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    });
  }

  static connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 << 20 });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Inspector(socket)));
      socket.once('error', reject);
    });
  }

  call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.next;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => {
        this.waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The process closes its inspector by itself, and with it this connection: no answer comes. */
  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    const expression = 'process._debugEnd()';
    this.socket.send(JSON.stringify({ id: 0, method: 'Runtime.evaluate', params: { expression } }));
    await closed;
  }
}
