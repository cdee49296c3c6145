import { openSessions } from '../buyers.js';
import { machineName } from '../machine.js';
import type { Figure } from '../suite/suite-report.js';
import { fairnessOf } from './fairness.js';
import { figure, figureLine, missed } from './figures.js';
import { holdsBeside, holdsUnderSiege } from './holds.js';
import { joinAll, largeRoom } from './large-room.js';
import { helpText, roomOptions, type RoomBenchOptions } from './options.js';
import { takeTurns } from './people.js';
import { closeScene, drawNow, fill, newRoom, openScene, type RoomScene } from './scene.js';

type Users = readonly (readonly string[])[];

const hourMs = 3_600_000;
/** Behind those who are admitted, so that the room is full. */
const behindMax = 100_000;

/** npm run bench -- room. Returns the exit code: 1 when a bound was missed. */
export async function main(args: readonly string[]): Promise<number> {
  const options = roomOptions(args);
  if (options === null) {
    console.log(helpText);
    return args.some((one) => one === '--help' || one === '-h') ? 0 : 2;
  }
  const scene = await openScene();
  try {
    const users = await openSessions(scene.url.href, options.people);
    const figures: Figure[] = [];
    const show = (more: readonly Figure[]): void => {
      figures.push(...more);
      more.forEach((one) => console.log(figureLine(one)));
    };
    console.log(`${machineName()}, Node ${process.versions.node}, ${JSON.stringify(options)}`);
    show(await largeRoom(scene, options, users));
    show(await fairness(scene, users));
    show(await holds(scene, options, users));
    const wrong = figures.filter(missed);
    if (wrong.length > 0) console.log(`missed: ${wrong.map(({ name }) => name).join('; ')}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await closeScene(scene);
  }
}

/** A room that calls as fast as it may, with one in ten who never comes. */
async function fairness(scene: RoomScene, users: Users): Promise<Figure[]> {
  const activeMax = Math.max(20, Math.floor(users.length / 8));
  const bounds = { activeMax, claimMs: 3_000, admissionMs: 2_000, ratePerMinute: 60_000 };
  const room = await newRoom(scene, { ...bounds, partyMax: 20 });
  await joinAll(scene, room, users);
  await drawNow(scene, room);
  const { turns, called, refused } = await takeTurns(scene, room, users);
  const fair = fairnessOf(turns, called, activeMax);
  const percent = (part: number, whole: number): number => (part * 100) / Math.max(1, whole);
  return [
    figure('came in time and were not let in', '', refused, { atMost: 0 }),
    figure('pairs admitted against their positions', '%', percent(fair.inversions, fair.pairs)),
    figure('the same, pairs', '', fair.inversions),
    figure('by how much, in the middle', 'ms', fair.medianMs),
    figure('by how much, at most', 'ms', fair.latestMs),
    figure('called places that lapsed', '%', percent(fair.lapsed, fair.called)),
    figure(`admitted at once above ${activeMax}`, '', fair.overshoot),
  ];
}

/** Everybody who came over HTTP is let in, and many stand behind them. */
async function holds(scene: RoomScene, options: RoomBenchOptions, users: Users): Promise<Figure[]> {
  const bounds = { claimMs: hourMs, admissionMs: hourMs, ratePerMinute: 60_000, partyMax: 20 };
  const inside = users.slice(users.length >> 3);
  const outside = users.slice(0, users.length >> 3);
  const room = await newRoom(scene, { ...bounds, activeMax: inside.length });
  await joinAll(scene, room, inside);
  await drawNow(scene, room);
  await fill(scene, room, Math.min(behindMax, options.waiting), { lines: 4, each: 500 });
  const { turns } = await takeTurns(scene, room, inside);
  for (const user of outside) {
    const body = { nonce: 'comes-behind-all-others' };
    await scene.line.ask('POST', `/v1/events/${room.eventId}/queue`, user, body);
  }
  const beside = await holdsBeside(scene, room.eventId, turns, options);
  const { admitted: perSecond, seconds } = options;
  const plan = { perSecond, seconds: 5 * seconds };
  const siege = await holdsUnderSiege(scene, room.eventId, turns, outside, plan);
  return [
    figure('holds of the admitted', 'a second', beside.perSecond),
    figure('holds to those of an event without a room', '', beside.ratio),
    figure('holds that were not accepted', '', beside.wrong, { atMost: 0 }),
    figure('requests outside, beside admitted holds', 'a second', siege.outsidePerSecond),
    figure('admitted holds then', 'a second', siege.acceptedPerSecond),
    figure('admitted holds then, p99', 'ms', siege.p99Ms, { atMost: 500 }),
    figure('answers of 500 and more, and none at all', '', siege.serverErrors, { atMost: 0 }),
  ];
}
