import { shownMessage } from '#libs/platform/shown-text.js';
import { helpText, planOf, writeSecrets } from './write-secrets.js';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(helpText);
} else {
  try {
    process.umask(0o077);
    const plan = planOf(args);
    writeSecrets(plan);
    console.log(`the secrets of all roles are in ${plan.out}`);
  } catch (error) {
    console.error(shownMessage(`write-secrets: ${(error as Error).message} (--help tells more)`));
    process.exit(2);
  }
}
