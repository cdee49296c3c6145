import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** The bytes of a file, or why there are none: one line that goes behind the file's name. */
export type InputFile =
  | { readonly bytes: Uint8Array; readonly why?: never }
  | { readonly why: string };

/**
 * A regular file, and no more of it than `bytesMax`: a pipe would keep us waiting, a device has no
 * end, and a file may grow while it is read. What it is is asked of the open file, not of its name.
 */
export async function readInputFile(file: string, bytesMax: number): Promise<InputFile> {
  let handle: FileHandle | null = null;
  try {
    // A pipe is opened at once, and then refused.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat();
    if (found.isDirectory()) return { why: 'is a folder' };
    if (!found.isFile()) return { why: 'is not a regular file' };
    if (found.size > bytesMax) return { why: `is larger than ${bytesMax} bytes` };
    return await bounded(handle, found.size, bytesMax);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'cannot be read' };
    const known = reason[code as keyof typeof reason] as string | undefined;
    return { why: known ?? `cannot be read (${code})` };
  } finally {
    await handle?.close();
  }
}

/** Some files say that they have no bytes, and have some (/proc). */
async function bounded(handle: FileHandle, size: number, bytesMax: number): Promise<InputFile> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.alloc(Math.min(bytesMax - length + 1, Math.max(size, 64 * 1024)));
    const { bytesRead } = await handle.read(part, 0, part.length, null);
    if (bytesRead === 0) return { bytes: Buffer.concat(parts) };
    length += bytesRead;
    if (length > bytesMax) return { why: `is larger than ${bytesMax} bytes` };
    parts.push(part.subarray(0, bytesRead));
  }
}
