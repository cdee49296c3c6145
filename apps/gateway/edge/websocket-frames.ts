/**
 * WebSocket frames of a server (RFC 6455, section 5.2): never masked, never split, never
 * compressed. A frame is the same for everybody, so that it is made once for all who get it.
 */
export const opcodes = { text: 1, binary: 2, ping: 9, pong: 10 } as const;

const final = 0x80;

export function encodeWebSocketFrame(opcode: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = final | opcode;
  if (headBytes === 2) frame[1] = length;
  else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  if (typeof payload === 'string') frame.write(payload, headBytes);
  else frame.set(payload, headBytes);
  return frame;
}

/**
 * The last frame, for as long as the turn of the loop lasts: a crowd that comes at once gets the
 * same snapshot, and its slow ones share one copy of it in memory.
 */
export class FrameOnce {
  private message: string | Uint8Array | null = null;
  private opcode = 0;
  private frame: Buffer = Buffer.alloc(0);

  of(opcode: number, message: string | Uint8Array): Buffer {
    if (message === this.message && opcode === this.opcode) return this.frame;
    if (this.message === null) setImmediate(() => this.forget());
    this.message = message;
    this.opcode = opcode;
    this.frame = encodeWebSocketFrame(opcode, message);
    return this.frame;
  }

  private forget(): void {
    this.message = null;
    this.frame = Buffer.alloc(0);
  }
}
