import { DataFolderRefused } from './data-folder.js';
import { helpText, parseOptions, type StartOptions } from './options.js';
import { PinRefused } from './pin.js';
import { Presses } from './presses.js';
import { TerminalProgress } from './progress.js';
import { ChildFailed } from './supervisor.js';
import { HoldfastSystem, StartRefused } from './system.js';
import { tryAsOperator, tryThis } from './try-this.js';
import { printMessage, printText } from '../system/terminal.js';

const parentPollMs = 500;

/**
 * npm start. Exit codes: 0 stopped by a signal, 1 could not start, 2 wrong options. The first
 * signal stops everything in order; the second ends it at once.
 */
export async function main(args: readonly string[]): Promise<void> {
  const parsed = parseOptions(args, process.env);
  switch (parsed.kind) {
    case 'help':
      printText(helpText);
      return;
    case 'wrong':
      complain(`${parsed.message} (npm start -- --help tells more)`);
      process.exit(2);
      return;
    case 'options':
      // Whatever we and our processes write is for this user alone.
      process.umask(0o077);
      await runSystem(parsed.options);
  }
}

async function runSystem(options: StartOptions): Promise<void> {
  const progress = new TerminalProgress();
  const system = openSystem(options, progress);
  // A terminal that went away must not take the system with it before it is stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stopping = stopOnSignal(system, (line) => progress.say(line));
  try {
    const url = await system.start();
    if (stopping()) return;
    progress.say(`\nready ${url}`);
    [...tryThis(url), tryAsOperator(url, options.data)].forEach((line) => progress.offer(line));
  } catch (error) {
    if (stopping()) return;
    complain(reasonOf(error));
    await system.stop();
    process.exit(1);
  }
}

/** What the machine cannot do is said before anything is touched. */
function openSystem(options: StartOptions, progress: TerminalProgress): HoldfastSystem {
  try {
    return new HoldfastSystem(options, progress);
  } catch (error) {
    if (!(error instanceof PinRefused)) throw error;
    complain(error.message);
    process.exit(1);
  }
}

function stopOnSignal(system: HoldfastSystem, say: (line: string) => void): () => boolean {
  const presses = new Presses(() => performance.now());
  const onSignal = (): void => {
    if (!presses.add()) return;
    if (presses.count === 1) void stopInOrder(system, say);
    if (presses.count === 2) void stopAtOnce(system, say);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  if (process.env.npm_lifecycle_event === 'start') afterParent(onSignal);
  return () => presses.count > 0;
}

/** npm that was killed cannot pass anything on: nobody could stop us from its terminal any more. */
function afterParent(onEnd: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onEnd();
  }, parentPollMs);
  timer.unref();
}

async function stopInOrder(system: HoldfastSystem, say: (line: string) => void): Promise<void> {
  say('\nstopping (once more to stop at once)');
  const killed = await system.stop();
  say(killed.length === 0 ? 'stopped' : `stopped; killed because too slow: ${killed.join(', ')}`);
  process.exit(0);
}

async function stopAtOnce(system: HoldfastSystem, say: (line: string) => void): Promise<void> {
  await system.kill();
  say('killed');
  process.exit(1);
}

const complain = (text: string): void => printMessage(`npm start: ${text}`);

/** What people can act on is one line; anything else is a bug and shows where it is. */
function reasonOf(error: unknown): string {
  const known = [StartRefused, DataFolderRefused, ChildFailed].some(
    (kind) => error instanceof kind,
  );
  if (known && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
