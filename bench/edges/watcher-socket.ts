import { connect, type Socket } from 'node:net';

/** What a crowd hears of its sockets; one object for all of them. */
export interface SocketEars {
  opened(): void;
  /** `bytes` is valid during the call only. */
  frame(socket: WatcherSocket, bytes: Buffer): void;
  closed(socket: WatcherSocket): void;
}

const handshake = (host: string, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const opcodeOf = (frame: Buffer): number => frame[0] & 0x0f;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/**
 * A WebSocket that only reads, as cheap as can be: thousands of them must not be what is measured.
 * It knows where frames end, answers pings, and hands the payload of text frames on.
 */
export class WatcherSocket {
  version = -1;
  private readonly socket: Socket;
  private open = false;
  private pending: Buffer | null = null;

  constructor(
    url: URL,
    path: string,
    private readonly ears: SocketEars,
  ) {
    this.socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: sharedReadBuffer,
        callback: (count, bytes) => {
          this.read(bytes as Buffer, count);
          return true;
        },
      },
    });
    this.socket.on('connect', () => this.socket.write(handshake(url.host, path)));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => ears.closed(this));
  }

  end(): void {
    this.socket.destroy();
  }

  private read(bytes: Buffer, count: number): void {
    const fresh = bytes.subarray(0, count);
    const all = this.pending === null ? fresh : Buffer.concat([this.pending, fresh]);
    const used = this.open ? this.frames(all, 0) : this.head(all);
    this.pending = used === all.length ? null : Buffer.from(all.subarray(used));
  }

  private head(all: Buffer): number {
    const end = all.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    if (!all.subarray(0, 12).equals(switching)) {
      this.end();
      return all.length;
    }
    this.open = true;
    this.ears.opened();
    return this.frames(all, end + 4);
  }

  /** Where the first frame that is not whole begins. */
  private frames(all: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= all.length) {
      const short = all[at + 1];
      const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + headBytes > all.length) break;
      const length =
        short < 126 ? short : short === 126 ? all.readUInt16BE(at + 2) : all.readUInt32BE(at + 6);
      const end = at + headBytes + length;
      if (end > all.length) break;
      const opcode = opcodeOf(all.subarray(at, at + 1));
      if (opcode === 1) this.ears.frame(this, all.subarray(at + headBytes, end));
      else if (opcode === 9) this.socket.write(pong);
      at = end;
    }
    return at;
  }
}

const switching = Buffer.from('HTTP/1.1 101');
const sharedReadBuffer = Buffer.allocUnsafe(64 * 1024);
