/**
 * Stripe's request encoding: `application/x-www-form-urlencoded` with brackets for nesting, as in
 * `metadata[attempt_id]=a&payment_method_types[0]=card&expand[]=latest_charge`.
 */
export type FormValue = string | FormObject;

export interface FormObject {
  readonly [name: string]: FormValue;
}

interface Growing {
  [name: string]: string | Growing;
}

const nestingMax = 8;

/** Arrays come out as objects with the indexes as names; null when the text is malformed. */
export function decodeForm(text: string): FormObject | null {
  const root: Growing = Object.create(null) as Growing;
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (path === null || !put(root, path, value)) return null;
  }
  return root;
}

export function textOf(value: FormValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Strings of a one-level map, such as metadata; null when something is nested deeper. */
export function mapOf(value: FormValue | undefined): Record<string, string> | null {
  if (value === undefined || value === '') return {};
  if (typeof value === 'string') return null;
  const map: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (typeof item !== 'string') return null;
    map[name] = item;
  }
  return map;
}

export function listOf(value: FormValue | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Object.values(value).filter((item) => typeof item === 'string');
}

/** Order of the parameters on the wire does not matter to an idempotency key. */
export function canonical(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function pathOf(name: string): string[] | null {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) return null;
  const inner = [...match[2].matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1]);
  return inner.length > nestingMax ? null : [match[1], ...inner];
}

function put(root: Growing, path: readonly string[], value: string): boolean {
  let node = root;
  for (const [depth, part] of path.entries()) {
    const name = part === '' ? String(Object.keys(node).length) : part;
    if (depth === path.length - 1) {
      node[name] = value;
      return true;
    }
    node[name] ??= Object.create(null) as Growing;
    const next = node[name];
    if (typeof next === 'string') return false;
    node = next;
  }
  return false;
}
