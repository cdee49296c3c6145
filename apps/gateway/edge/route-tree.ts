/**
 * Which handler a path belongs to, by the rules of uWebSockets.js: a segment that is written out
 * goes before `:name`, `:name` before a `*` at the end, and a parameter is never empty.
 */
export interface Found<T> {
  readonly value: T;
  readonly params: readonly string[];
}

interface Branch<T> {
  readonly written: Map<string, Branch<T>>;
  param: Branch<T> | null;
  value: T | null;
  /** Of a pattern that ends in `*` here. */
  rest: T | null;
}

const branch = <T>(): Branch<T> => ({ written: new Map(), param: null, value: null, rest: null });

const noParams: readonly string[] = [];
const keptMax = 512;
const keptPathMax = 128;

export class RouteTree<T> {
  private readonly root: Branch<T> = branch();
  /** Patterns without a parameter; most requests of a sale end here. */
  private readonly plain = new Map<string, Found<T>>();
  /** Paths found before: in a sale everybody asks for the same few. */
  private readonly lately = new Map<string, Found<T>>();

  add(pattern: string, value: T): void {
    const segments = pattern.split('/');
    this.lately.clear();
    if (!/[:*]/.test(pattern)) this.plain.set(pattern, { value, params: noParams });
    let at = this.root;
    for (const segment of segments) {
      if (segment === '*') {
        at.rest = value;
        return;
      }
      at = segment.startsWith(':') ? (at.param ??= branch()) : writtenOf(at, segment);
    }
    at.value = value;
  }

  find(path: string): Found<T> | null {
    const known = this.plain.get(path) ?? this.lately.get(path);
    if (known !== undefined) return known;
    const params: string[] = [];
    const value = search(this.root, path.split('/'), 0, params);
    if (value === null) return null;
    const found = { value, params };
    if (path.length <= keptPathMax) this.keep(path, found);
    return found;
  }

  private keep(path: string, found: Found<T>): void {
    if (this.lately.size >= keptMax) this.lately.clear();
    this.lately.set(path, found);
  }
}

function writtenOf<T>(at: Branch<T>, segment: string): Branch<T> {
  const known = at.written.get(segment);
  if (known !== undefined) return known;
  const made = branch<T>();
  at.written.set(segment, made);
  return made;
}

function search<T>(
  at: Branch<T>,
  segments: readonly string[],
  index: number,
  params: string[],
): T | null {
  if (index === segments.length) return at.value;
  const segment = segments[index];
  const written = at.written.get(segment);
  const found = written === undefined ? null : search(written, segments, index + 1, params);
  if (found !== null) return found;
  if (at.param !== null && segment !== '') {
    params.push(segment);
    const through = search(at.param, segments, index + 1, params);
    if (through !== null) return through;
    params.pop();
  }
  return at.rest;
}
