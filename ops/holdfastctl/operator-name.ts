import { hostname, userInfo } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { isOperatorName, operatorNameBytesMax, type By } from '#libs/inventory/inventory.js';

/** How the operating system calls who sits here: `alice@host`. Empty when it does not say. */
export function nameOfThisUser(): string {
  const name = `${accountName()}@${hostname()}`;
  return isOperatorName(name) ? name : '';
}

/** What is given with --as. */
export function operatorName(text: string): string {
  if (text.trim() !== '' && isOperatorName(text)) return text;
  throw new InvalidArgumentError(
    `It must be a printable name of at most ${operatorNameBytesMax} bytes.`,
  );
}

/** For people; a name never passes for a role. */
export function nameOf(by: By): string {
  return by.role === 'operator' && by.name !== '' ? `operator ${by.name}` : by.role;
}

/** An account may have no entry, as in some containers. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
