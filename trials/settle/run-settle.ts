import { printMessage, printText } from '#ops/system/terminal.js';
import { runCheckout } from './checkout.js';
import { runEveryFault } from './every-fault.js';
import { runLostAnswers } from './lost-answers.js';
import { helpText, parseOptions, type SettleOptions } from './options.js';
import { isClean, trialLines, type Trial } from './report.js';

/** npm run settle. Returns the exit code: 0 everything agrees, 1 something does not, 2 no run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    printMessage(`npm run settle: ${parsed.message} (npm run settle -- --help tells more)`);
    return 2;
  }
  const { options } = parsed;
  const print = options.json ? printMessage : printText;
  const startedMs = performance.now();
  const say = (line: string) => {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${line}`);
  };
  try {
    const trial = await run(options, say);
    printText(options.json ? JSON.stringify(trial, null, 2) : trialLines(trial).join('\n'));
    return isClean(trial.checks) ? 0 : 1;
  } catch (error) {
    printMessage(`npm run settle: ${(error as Error).message}`);
    return 2;
  }
}

function run(options: SettleOptions, say: (line: string) => void): Promise<Trial> {
  switch (options.trial) {
    case 'faults':
      return runEveryFault(options, say);
    case 'lost':
      return runLostAnswers(options, say);
    case 'checkout':
      return runCheckout(options, say);
  }
}
