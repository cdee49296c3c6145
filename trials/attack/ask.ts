import { setTimeout as pause } from 'node:timers/promises';

/** One request, as anybody could send it. */
export interface Request {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** As it is sent. */
  readonly body?: string;
}

export interface Answer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Headers;
  /** error.code of the body; '' = none. */
  readonly code: string;
  readonly text: string;
}

const answerMs = 15_000;
const triesMax = 20;

/** Waits where it is told to: a limit is no answer to "who may?". */
export async function ask(url: string, request: Request): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await askOnce(url, request);
    if (answer.status !== 429 || tries === triesMax) return answer;
    await pause(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}

let asked = 0;
/** Another one for each request: who tries every route is no crowd of one address. */
const nextAddress = (): string => `198.18.0.${(asked++ % addresses) + 1}`;
const addresses = 200;

/** Counted for another address each time, where the system takes us for its proxy. */
export async function askOnce(url: string, request: Request): Promise<Answer> {
  const { method, path, token = null, headers, body = null } = request;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), answerMs);
  try {
    const response = await fetch(url + path, {
      method,
      body,
      redirect: 'manual',
      signal: ended.signal,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        'x-forwarded-for': nextAddress(),
        ...headers,
      },
    });
    const text = await textOf(response);
    return { status: response.status, headers: response.headers, code: codeOf(text), text };
  } catch (error) {
    if (ended.signal.aborted) throw error;
    return { status: 0, headers: new Headers(), code: '', text: '' };
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Of a stream, what comes first. */
async function textOf(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) return response.text();
  const first = await response.body?.getReader().read();
  return Buffer.from(first?.value ?? []).toString();
}

function codeOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown } };
    return typeof error?.code === 'string' ? error.code : '';
  } catch {
    return '';
  }
}
