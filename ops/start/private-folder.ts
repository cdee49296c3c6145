import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { shownPath } from '../system/paths.js';

/**
 * Who may have a hand in a folder with secrets: us, and nobody else. What others could have put
 * there, or change while we run, is refused; what they can only read is closed to them.
 */

/** Null: it is ours. Else one line that names what is wrong, and the command that mends it. */
export function whyNotOurs(folder: string): string | null {
  const me = process.getuid?.();
  if (me === undefined) return null;
  for (const file of [folder, ...readdirSync(folder).map((name) => path.join(folder, name))]) {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found === undefined || (file !== folder && isOfDatabase(path.basename(file)))) continue;
    const [shown, whole] = [quoted(shownPath(file)), quoted(shownPath(folder))];
    if (found.uid !== me) {
      return `${shown} belongs to user ${found.uid}, and you are ${me}: "chown ${me} ${shown}"`;
    }
    if (!found.isSymbolicLink() && (found.mode & 0o022) !== 0) {
      return `${shown} can be changed by other users: "chmod -R go-w ${whole}"`;
    }
  }
  return null;
}

/** Files 600, and folders 700, for those that are not the database's. Whatever a umask said. */
export function closeToOthers(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) chmodSync(path.join(folder, entry.name), 0o600);
  }
}

/** As root it has a user of its own, to whom these belong. */
const isOfDatabase = (name: string): boolean => /^(postgres(\..+)?|binaries)$/.test(name);

const quoted = (text: string): string =>
  /^[\w./~+@%:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
