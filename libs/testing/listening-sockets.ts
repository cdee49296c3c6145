import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Where somebody else on the machine may knock, by Linux's own tables. */
export interface ListeningSocket {
  readonly pid: number;
  /** `127.0.0.1`, `0.0.0.0`, in hexadecimal for IPv6; of a socket in the file system its path. */
  readonly address: string;
  /** 0: a socket in the file system. */
  readonly port: number;
}

/** All that listens, of these processes: TCP, UDP, and sockets that have a name in the files. */
export function listeningSockets(pids: readonly number[]): ListeningSocket[] {
  const owners = new Map<string, number>();
  for (const pid of pids) for (const inode of socketsOf(pid)) owners.set(inode, pid);
  const found = [...internetSockets(), ...namedSockets()];
  return found.flatMap(({ inode, address, port }) => {
    const pid = owners.get(inode);
    return pid === undefined ? [] : [{ pid, address, port }];
  });
}

interface Row {
  readonly inode: string;
  readonly address: string;
  readonly port: number;
}

const listening = '0A';

function internetSockets(): Row[] {
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    rowsOf(table).flatMap(([, local, remote, state, , , , , , inode]) => {
      // Who has called somebody by UDP hears that one alone.
      const open = table.startsWith('tcp') ? state === listening : /:0000$/.test(remote);
      const [address, port] = local.split(':');
      if (!open) return [];
      return [{ inode, address: addressOf(address), port: Number.parseInt(port, 16) }];
    }),
  );
}

/** What has no path was never given a name, or one that files do not guard (`@`). */
function namedSockets(): Row[] {
  const accepts = 0x10000;
  return rowsOf('unix').flatMap(([, , , flags, , , inode, name]) =>
    name === undefined || (Number.parseInt(flags, 16) & accepts) === 0
      ? []
      : [{ inode, address: name, port: 0 }],
  );
}

const rowsOf = (table: string): string[][] =>
  readFileSync(`/proc/net/${table}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));

/** The bytes of an IPv4 address are written as one number of a little-endian machine. */
function addressOf(hex: string): string {
  if (hex.length !== 8) return hex;
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

/** Empty: the process has ended. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
