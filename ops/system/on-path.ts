import { findProgram } from '#libs/platform/find-program.js';

/** A program by its name, or null; system folders are often not on a user's PATH. */
export const onPath = (name: string): string | null =>
  findProgram(name, process.env.PATH ?? '', systemFolders);

const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
