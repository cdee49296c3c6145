import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { TObject } from 'typebox';
import { gatewayConfigSchema } from '#apps/gateway/config.js';
import { diffFrame, errorFrame, holdFrame, pongFrame } from '#apps/gateway/live/frames.js';
import { snapshotFrame } from '#apps/gateway/live/frames.js';
import type { EventReplica } from '#apps/gateway/replica/event-replica.js';
import { SeatMap } from '#apps/gateway/replica/seat-map.js';
import { FakeCatalogue, fakeEventId } from '#apps/gateway/testing/fake-catalogue.js';
import { shardConfigSchema } from '#apps/inventory-shard/config.js';
import { paymentsConfig } from '#apps/payments/config.js';
import { simulatorConfig } from '#apps/payments/simulator/config.js';
import { parseEventFile } from '#libs/catalogue/event-file.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { parsePlan } from '#libs/catalogue/pretix-plan.js';
import { errorTable, refusalErrors } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { HoldNote, SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import { refusalCodes } from '#libs/inventory/refusal-codes.js';
import { logLevelVariable } from '#libs/platform/log-level.js';
import { metricsPage, metricsPagePath } from './metrics-list.js';
import { projectRoot } from '#ops/system/paths.js';

/** What the pages say about the code is compared with the code. */
const textOf = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

/** The part of a page under a heading, to the next heading of the same level. */
function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`no heading ${heading}`);
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const end = text.indexOf(`\n${level}`, start + heading.length);
  return text.slice(start, end < 0 ? undefined : end);
}

/** Rows of all tables in a text, cells trimmed. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );

const codeIn = (cell: string): string => /^`([^`]+)`/.exec(cell)?.[1] ?? '';

const jsonBlocks = (text: string): string[] =>
  [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]);

const pages = readdirSync(path.join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name.replaceAll(path.sep, '/')}`);

describe('docs/reference/configuration.md', () => {
  const page = textOf('docs/reference/configuration.md');

  it.each<[string, TObject]>([
    ['## Gateway', gatewayConfigSchema],
    ['## Inventory shard', shardConfigSchema],
    ['## Payments', paymentsConfig],
    ['## Stripe simulator', simulatorConfig],
  ])('%s has every variable of its schema with its default, and no other', (heading, schema) => {
    const rows = rowsOf(sectionOf(page, heading)).slice(1);
    const said = rows.map(([name, fallback]) => [codeIn(name), fallback.replaceAll('`', '')]);
    const required = (schema.required ?? []) as readonly string[];
    const wanted = Object.entries(schema.properties).map(([name, property]) => {
      if ('default' in property) return [name, defaultText(property.default)];
      return [name, required.includes(name) ? 'required' : 'absent'];
    });
    expect(said).toEqual(wanted);
  });

  it.each([gatewayConfigSchema, shardConfigSchema, paymentsConfig, simulatorConfig])(
    'is right that all processes know the same log levels (%#)',
    (schema) => {
      expect(schema.properties.HOLDFAST_LOG_LEVEL).toEqual(logLevelVariable);
    },
  );

  it('has every variable of --single', () => {
    const source = textOf('ops/start/single.ts');
    const own = [...source.matchAll(/^ {2}([A-Z_]+): Type\./gm)].map((match) => match[1]);
    const said = rowsOf(sectionOf(page, '## Everything in one process')).slice(1);
    expect(said.map(([name]) => codeIn(name))).toEqual(own);
  });
});

const defaultText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

describe('docs/reference/metrics.md', () => {
  it('is what the registries say (node tools/docs.mjs writes it)', async () => {
    expect(readFileSync(metricsPagePath, 'utf8')).toBe(await metricsPage());
  });

  it('has every metric that is named anywhere in the code', () => {
    const page = readFileSync(metricsPagePath, 'utf8');
    const named = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
        .flatMap((name) => textOf(path.join(folder, name)).match(/(?<=')holdfast_\w+(?=')/g) ?? []),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/reference/commands.md', () => {
  it('has every refusal in the order of the checks, with its public code and status', () => {
    const section = sectionOf(textOf('docs/reference/commands.md'), '## Refusals');
    const said = rowsOf(section)
      .slice(1)
      .map(([code, shown, status]) => [codeIn(code), codeIn(shown), Number(status)]);
    const wanted = refusalCodes.map((code) => {
      const shown = refusalErrors[code];
      return [code, shown, errorTable[shown].httpStatus];
    });
    expect(said).toEqual(wanted);
  });
});

describe('docs/reference/seating-plans.md', () => {
  const [plan, event] = jsonBlocks(
    sectionOf(textOf('docs/reference/seating-plans.md'), '## A complete example'),
  ).map((block) => Buffer.from(block));

  it('has a plan and an event that can be imported together', () => {
    const checkedPlan = parsePlan(plan);
    const checkedEvent = parseEventFile(event);
    expect([checkedPlan.kind, checkedEvent.kind]).toEqual(['valid', 'valid']);
    if (checkedPlan.kind !== 'valid' || checkedEvent.kind !== 'valid') return;
    const prepared = prepareEvent(checkedEvent.value, checkedPlan.value, 0);
    if (prepared.kind !== 'valid') throw new Error(JSON.stringify(prepared.problems));
    const { layout } = prepared.value.plan;
    expect([layout.seatCount, layout.rowCount, layout.sections]).toEqual([6, 2, ['Stalls']]);
    expect(layout.areas).toMatchObject([{ name: 'Floor', capacity: 50 }]);
    expect(prepared.value.eventId).toBe('evt_jazznight');
  });

  it('names every field of the event file', () => {
    const source = textOf('libs/catalogue/event-file.ts');
    const schema = source.slice(source.indexOf('const EventSchema'), source.indexOf('type Raw'));
    const fields = [...schema.matchAll(/^ {4}(\w+): Type\b|^ {4}(\w+): text\b/gm)].map(
      (match) => match[1] ?? match[2],
    );
    const section = sectionOf(textOf('docs/reference/seating-plans.md'), '## The event file');
    expect(fields.length).toBeGreaterThan(15);
    expect(
      rowsOf(section)
        .slice(1)
        .map(([name]) => codeIn(name)),
    ).toEqual(fields);
  });
});

describe('docs/live-map.md', () => {
  it('shows the frames as the gateway makes them', () => {
    const { detail, layout } = new FakeCatalogue(4, 50);
    const map = new SeatMap(layout.layout);
    const replica = { entry: { detail, layout }, map } as unknown as EventReplica;
    map.replace(startOfExample);
    map.takeChanges();
    const snapshot = snapshotFrame(replica);
    map.apply(exampleDiff);
    const frames = [
      snapshot,
      diffFrame(replica, 17, map.takeChanges(), false),
      holdFrame(exampleNote),
      pongFrame(19, Date.UTC(2027, 2, 1, 19, 30)),
      errorFrame('unknown_message', { field: 'type', detail: "must be 'ping' or 'resume'" }),
    ];
    const shown = jsonBlocks(sectionOf(textOf('docs/live-map.md'), '## Frames from the server'));
    expect(shown.map((block) => JSON.parse(block) as unknown)).toEqual(frames);
  });
});

const startOfExample = {
  type: 'seat_map',
  epoch: 1,
  version: 17,
  saleStatus: 'open',
  statuses: Uint8Array.from([0, 1, 2, 3]),
  areas: [{ held: 2, booked: 10, blocked: 0 }],
} as unknown as SeatMapView;

const exampleDiff = {
  eventId: fakeEventId,
  epoch: 1,
  from: 17,
  to: 19,
  seats: [0, 1, 1, 0],
  areas: [0, 4, 10, 0],
  notes: [],
} as unknown as SeatDiff;

const exampleNote = {
  userId: 'usr_a',
  holdId: 'rsv_show1_q8w7e6r5t4y3u2i1',
  what: 'held',
  deadlineMs: Date.UTC(2027, 2, 1, 19, 38),
} as unknown as HoldNote;

describe('the pages', () => {
  it('are all in the index', () => {
    const index = textOf('docs/README.md');
    const own = pages.filter((page) => page !== 'docs/README.md');
    expect(own.filter((page) => !index.includes(`](${page.slice(5)})`))).toEqual([]);
  });

  it('give every limit its value in the code', () => {
    const said = pages.flatMap((page) =>
      rowsOf(textOf(page)).flatMap((cells) => {
        const name = /^`limits\.(\w+)`$/.exec(cells[0])?.[1];
        return name === undefined ? [] : [{ page, name, value: cells[1] }];
      }),
    );
    expect(said.length).toBeGreaterThan(10);
    const known: Readonly<Record<string, number>> = limits;
    const wrong = said.filter(({ name, value }) => String(known[name]) !== value);
    expect(wrong).toEqual([]);
  });

  it('name tests that exist', () => {
    const rows = pages.flatMap((page) =>
      rowsOf(textOf(page)).flatMap((cells) =>
        cells.flatMap((cell) => {
          const match = /^\[[^\]]+\]\(([^)]+\.ts)\): (.+)$/.exec(cell);
          if (match === null) return [];
          const file = path.posix.join(path.posix.dirname(page), match[1]);
          return [...match[2].matchAll(/“([^”]+)”/g)].map(([, title]) => ({ file, title }));
        }),
      ),
    );
    expect(rows.length).toBeGreaterThan(15);
    const missing = rows.filter(({ file, title }) => {
      const source = textOf(file).replaceAll("\\'", "'");
      return !source.includes(`'${title}'`) && !source.includes(`"${title}"`);
    });
    expect(missing).toEqual([]);
  });
});
