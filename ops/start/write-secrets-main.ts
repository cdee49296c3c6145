import { helpText, planOf, writeSecrets } from './write-secrets.js';
import { printMessage, printText } from '../system/terminal.js';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  printText(helpText);
} else {
  try {
    process.umask(0o077);
    const plan = planOf(args);
    writeSecrets(plan);
    printText(`the secrets of all roles are in ${plan.out}`);
  } catch (error) {
    printMessage(`write-secrets: ${(error as Error).message} (--help tells more)`);
    process.exit(2);
  }
}
