import { limits } from '#libs/contracts/limits.js';

/** How a body travels. In the order in which the gateway likes them. */
export const codings = ['br', 'gzip', 'identity'] as const;
export type Coding = (typeof codings)[number];

const remembered = new Map<string, Coding>();

/**
 * The coding a client likes most, of those that are made here; where it does not care, the
 * smallest. Who takes nothing at all gets the body as it is (RFC 9110, 12.5.3). Clients send few
 * different headers, so that most requests cost one look into a table.
 */
export function codingFor(acceptEncoding: string): Coding {
  if (acceptEncoding === '') return 'identity';
  const known = remembered.get(acceptEncoding);
  if (known !== undefined) return known;
  const coding = best(acceptEncoding);
  if (remembered.size >= limits.codingsRememberedMax) remembered.clear();
  remembered.set(acceptEncoding, coding);
  return coding;
}

function best(acceptEncoding: string): Coding {
  const weights = weightsOf(acceptEncoding);
  const others = weights.get('*') ?? 0;
  // Not named, the body as it is comes after everything that is.
  const asItIs = weights.get('identity') ?? (others > 0 ? others : Number.MIN_VALUE);
  const weightOf = (coding: Coding): number =>
    coding === 'identity' ? asItIs : (weights.get(coding) ?? others);
  const [first = 'identity', ...rest] = codings.filter((coding) => weightOf(coding) > 0);
  return rest.reduce<Coding>(
    (chosen, coding) => (weightOf(coding) > weightOf(chosen) ? coding : chosen),
    first,
  );
}

/** Lower-case coding to its q, 0 to 1; what cannot be read counts as not wanted. */
function weightsOf(acceptEncoding: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.split(',')) {
    const [name, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const coding = name === 'x-gzip' ? 'gzip' : name;
    if (coding !== '') weights.set(coding, weightOf(parameters));
  }
  return weights;
}

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  if (weight === undefined) return 1;
  return /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : 0;
}
