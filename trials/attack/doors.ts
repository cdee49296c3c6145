import { createHmac } from 'node:crypto';
import { routeRows } from '#apps/gateway/routes/table.js';
import { limits } from '#libs/contracts/limits.js';
import { ask, type Answer, type Request } from './ask.js';
import { pathOf, samples } from './samples.js';
import type { Scene } from './scene.js';

/** A kind of try that must fail, whoever makes it: harmless, and enough to show an open door. */
export interface Door {
  readonly name: string;
  readonly tried: number;
  readonly holes: readonly string[];
}

interface Try {
  readonly what: string;
  readonly request: Request;
  /** Whether the answer is as it must be. */
  readonly held: (answer: Answer) => boolean;
}

export async function tryDoors(scene: Scene): Promise<Door[]> {
  const doors: readonly (readonly [string, readonly Try[]])[] = [
    ['forged tokens', [...forgedTokens(scene), ...(await forgedMembers(scene))]],
    ['methods that a path has not', otherMethods(scene)],
    ['bodies that are none', wrongBodies(scene)],
    ['ids that are none', wrongIds(scene)],
  ];
  const found: Door[] = [];
  for (const [name, tries] of doors) found.push(await tryDoor(scene.url, name, tries));
  return found;
}

async function tryDoor(url: string, name: string, tries: readonly Try[]): Promise<Door> {
  const holes: string[] = [];
  for (const { what, request, held } of tries) {
    const answer = await ask(url, request);
    if (held(answer)) continue;
    const told = `${what}: ${request.method} ${request.path.slice(0, 80)}`;
    holes.push(`${told} was answered ${answer.status} ${answer.code}`);
  }
  return { name, tried: tries.length, holes };
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Changed, signed by others, or by nobody; none of them may speak for anybody. */
function forgedTokens({ people }: Scene): Try[] {
  const guest = people.owner.token ?? '';
  const operator = people.organiser.token ?? '';
  const [guestHeader, guestClaims, guestMac] = guest.split('.');
  const [operatorHeader, , operatorMac] = operator.split('.');
  const exp = Math.floor(Date.now() / 1000) + 3_600;
  const sre = { iss: 'holdfast-operator', sub: 'attack', role: 'sre', organiser: null };
  const claims = part({ ...sre, iat: exp - 3_600, exp });
  const mac = (text: string, key: string): string =>
    `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  const tokens: readonly (readonly [string, string])[] = [
    ['no signature', `${guestHeader}.${guestClaims}.`],
    ['no algorithm', `${part({ alg: 'none', typ: 'JWT' })}.${guestClaims}.`],
    ['claims of a role, signature of a guest', `${guestHeader}.${claims}.${guestMac}`],
    ['another role under its signature', `${operatorHeader}.${claims}.${operatorMac}`],
    ['a guest under the header of operators', `${operatorHeader}.${guestClaims}.${guestMac}`],
    ['an operator under the header of guests', operator.replace(operatorHeader, guestHeader)],
    ['an empty key', mac(`${operatorHeader}.${claims}`, '')],
    ['a key that everybody knows', mac(`${operatorHeader}.${claims}`, 'secret')],
    ['an issuer that nobody named', `${part({ alg: 'RS256', kid: 'k' })}.${claims}.AAAA`],
    ['its signature twice', `${guest}.${guestMac}`],
    ['a letter of other case', guest.slice(0, -1) + swapped(guest.slice(-1))],
    ['longer than any', `${guest}${'A'.repeat(limits.tokenBytesMax)}`],
    ['nothing', ''],
  ];
  return triesWith(tokens);
}

/** Of an issuer that the system believes, but for what is wrong with them. */
async function forgedMembers({ issuer }: Scene): Promise<Try[]> {
  return issuer === null ? [] : triesWith(await issuer.forged());
}

function triesWith(tokens: readonly (readonly [string, string])[]): Try[] {
  const held = ({ status }: Answer): boolean => status === 401;
  const paths = ['/v1/me/bookings', '/v1/admin/events'];
  return tokens.flatMap(([what, token]) =>
    paths.map((path) => ({ what, request: { method: 'GET', path, token }, held })),
  );
}

const swapped = (letter: string): string => (letter === 'A' ? 'B' : 'A');

function otherMethods(scene: Scene): Try[] {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const paths = [...new Set(routeRows.map(({ path }) => path))];
  return paths.flatMap((path) => {
    const rows = routeRows.filter((row) => row.path === path);
    const sample = samples[rows[0].operationId]?.(scene) ?? {};
    const known = rows.map(({ method }): string => method);
    return methods
      .filter((method) => !known.includes(method))
      .map((method) => ({
        what: 'a method',
        request: { method, path: pathOf(path, sample), token: scene.nextOperator() },
        held: ({ status }: Answer) => status === 405 || status === 404,
      }));
  });
}

function wrongBodies(scene: Scene): Try[] {
  const bodies: readonly (readonly [string, string])[] = [
    ['half of one', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"text"'],
    ['a field that there is not', '{"no_such_field":1}'],
    ['the prototype of all', '{"__proto__":{"reason":"x"}}'],
    ['a hundred brackets', '['.repeat(100) + ']'.repeat(100)],
    ['more than is taken', `{"reason":"${'x'.repeat(limits.bodyBytesMax)}"}`],
  ];
  const rows = routeRows.filter(({ body }) => body !== undefined);
  return rows.flatMap((row) => {
    const path = pathOf(row.path, samples[row.operationId]?.(scene) ?? {});
    return bodies.map(([what, body]) => ({
      what,
      request: { method: row.method, path, token: scene.nextOperator(), body },
      held: isRefused,
    }));
  });
}

/** In every place of every path: none leads anywhere, and none is a failure. */
function wrongIds(scene: Scene): Try[] {
  const ids = ['..%2f..%2flivez', '%00', '%', "'", '-1', 'a'.repeat(300), '%e2%98%83'];
  return routeRows.flatMap((row) => {
    const names = Object.keys(row.params?.properties ?? {});
    const sample = samples[row.operationId]?.(scene) ?? {};
    const body = sample.body === undefined ? {} : { body: JSON.stringify(sample.body) };
    return names.flatMap((name) =>
      ids.map((id) => ({
        what: 'an id',
        request: {
          method: row.method,
          path: pathOf(row.path, { ...sample, params: { ...sample.params, [name]: id } }),
          token: scene.nextOperator(),
          ...body,
        },
        held: isRefused,
      })),
    );
  });
}

const isRefused = ({ status }: Answer): boolean => status >= 400 && status < 500;
