/**
 * Reads just enough of HTTP/1.1 to know where an answer ends: the status and Content-Length.
 *
 * Boundary: one answer at a time, because a connection has one request in flight. Chunked answers
 * are a protocol error here; the servers under test never send them.
 * Usually an answer arrives in one read and is parsed in place, without a copy.
 */
export class ResponseParser {
  /** Status of the answer that was completed last, 0 when it was not HTTP. */
  status = 0;
  /** While set, the body of each answer is kept in `body`. Costs a copy per answer. */
  keepBody = false;
  body = '';
  #pending: Buffer | null = null;

  /** True when the first `count` bytes complete the answer. The caller may reuse them then. */
  push(bytes: Uint8Array, count: number): boolean {
    if (this.#pending === null) {
      const end = this.#parse(bytes, count);
      if (end === 0) this.#pending = Buffer.from(bytes.subarray(0, count));
      return end !== 0;
    }
    this.#pending = Buffer.concat([this.#pending, bytes.subarray(0, count)]);
    if (this.#parse(this.#pending, this.#pending.length) === 0) return false;
    this.#pending = null;
    return true;
  }

  /** Forgets half an answer: the connection it came on is gone. */
  reset(): void {
    this.#pending = null;
  }

  /** Offset of the end of the answer, 0 when it is incomplete. */
  #parse(bytes: Uint8Array, count: number): number {
    const headersEnd = endOfHeaders(bytes, count);
    if (headersEnd === 0) return 0;
    const end = headersEnd + contentLength(bytes, headersEnd);
    if (count < end) return 0;
    this.status = (bytes[9] - 48) * 100 + (bytes[10] - 48) * 10 + (bytes[11] - 48);
    if (!(this.status >= 100 && this.status <= 599)) this.status = 0;
    if (this.keepBody) this.body = Buffer.from(bytes.subarray(headersEnd, end)).toString();
    return end;
  }
}

const CR = 13;
const LF = 10;

/** Offset after the blank line, 0 when it has not come yet. */
function endOfHeaders(bytes: Uint8Array, count: number): number {
  // Every other byte: of two line ends in a row one of the two line feeds is met.
  for (let i = 3; i < count; i += 2) {
    if (bytes[i] === LF) {
      if (bytes[i - 2] === LF && bytes[i - 1] === CR && bytes[i - 3] === CR) return i + 1;
    } else if (bytes[i] === CR && bytes[i - 1] === LF && bytes[i - 2] === CR) {
      if (i + 1 < count && bytes[i + 1] === LF) return i + 2;
    }
  }
  return 0;
}

const lengthName = Buffer.from('content-length:');

function contentLength(bytes: Uint8Array, headersEnd: number): number {
  for (let i = 12; i < headersEnd - lengthName.length; i++) {
    if (bytes[i] !== LF || !matchesAt(bytes, i + 1)) continue;
    let length = 0;
    for (let j = i + 1 + lengthName.length; bytes[j] !== CR; j++) {
      if (bytes[j] >= 48 && bytes[j] <= 57) length = length * 10 + bytes[j] - 48;
    }
    return length;
  }
  return 0;
}

function matchesAt(bytes: Uint8Array, start: number): boolean {
  for (let k = 0; k < lengthName.length; k++) {
    // Letters differ from their capitals by one bit; '-' and ':' already have it set.
    if ((bytes[start + k] | 0x20) !== lengthName[k]) return false;
  }
  return true;
}
