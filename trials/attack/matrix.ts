import type { Row } from '#apps/gateway/routes/area.js';
import { routeRows } from '#apps/gateway/routes/table.js';
import { ask, type Answer } from './ask.js';
import { pathOf, samples } from './samples.js';
import { holdAnew, personNames, type Person, type PersonName, type Scene } from './scene.js';
import { secretsOf, verdictOf, whoMay } from './who-may.js';

export interface MatrixRow {
  readonly route: string;
  /** What each was answered; with `!` where it is a hole. */
  readonly answers: Readonly<Record<PersonName, string>>;
}

export interface Matrix {
  readonly rows: readonly MatrixRow[];
  /** In words; empty: none. */
  readonly holes: readonly string[];
}

/**
 * Every route of the table by everybody, with things that are his and things that are not, against
 * what the row says. A route that nobody wrote a sample for is a hole.
 */
export async function tryEveryRoute(
  scene: Scene,
  routes: readonly Row[] = routeRows,
): Promise<Matrix> {
  const rows: MatrixRow[] = [];
  const holes: string[] = [];
  for (const row of routes) {
    const route = `${row.method} ${row.path}`;
    if (!Object.hasOwn(samples, row.operationId)) {
      holes.push(`${route}: nobody tries it; give ${row.operationId} a sample`);
      continue;
    }
    const found = await tryRoute(scene, row);
    rows.push({ route, answers: found.answers });
    holes.push(...found.holes.map((hole) => `${route}: ${hole}`));
  }
  return { rows, holes };
}

interface Found {
  readonly answers: Record<PersonName, string>;
  readonly holes: readonly string[];
}

async function tryRoute(scene: Scene, row: Row): Promise<Found> {
  if (row.object === 'buyer') await holdAnew(scene);
  const answers = {} as Record<PersonName, string>;
  const holes: string[] = [];
  for (const name of inOrder) {
    const person = scene.people[name];
    if (person === null) {
      answers[name] = notTried;
      continue;
    }
    const answer = await send(scene, row, person);
    const wrong = holesIn(scene, row, person, answer);
    answers[name] = `${verdictOf(row, answer)}${wrong.length > 0 ? ' !' : ''}`;
    holes.push(...wrong);
  }
  return { answers, holes };
}

const notTried = '-';

/** The owner after those who must not: nothing is left to be found once he has used it up. */
const inOrder: readonly PersonName[] = [...personNames.filter((one) => one !== 'owner'), 'owner'];

function send(scene: Scene, row: Row, { token }: Person): Promise<Answer> {
  const sample = samples[row.operationId](scene);
  return ask(scene.url, {
    method: row.method,
    path: pathOf(row.path, sample),
    token,
    ...(sample.headers === undefined ? {} : { headers: sample.headers }),
    ...(sample.body === undefined ? {} : { body: JSON.stringify(sample.body) }),
  });
}

function holesIn(scene: Scene, row: Row, person: Person, answer: Answer): string[] {
  const wanted = whoMay(row, person);
  const got = verdictOf(row, answer);
  // What is public may well not be there: a sample of it need not be.
  const fits = got === wanted || (row.auth === 'none' && got === 'none');
  const shown = secretsOf(row, person, scene).filter((secret) => answer.text.includes(secret));
  return [
    ...(fits ? [] : [`${person.name} was answered "${got}", not "${wanted}" (${answer.text})`]),
    ...shown.map((secret) => `${person.name} was shown ${secret}`),
  ].map((hole) => hole.slice(0, holeLengthMax));
}

const holeLengthMax = 300;
