import { GridIndex } from '#libs/seat-map/grid-index.js';
import { OverviewRaster, tileSide } from '#libs/seat-map/overview-raster.js';
import { palettes } from '#libs/seat-map/palette.js';
import { Picker } from '#libs/seat-map/picker.js';
import { SeatLooks } from '#libs/seat-map/seat-looks.js';
import { SeatPlan } from '#libs/seat-map/seat-plan.js';
import { fit, home, panned, visible } from '#libs/seat-map/viewport.js';
import { stadiumOf } from './stadium.js';

/**
 * Median and 95th percentile, in ms, of what a page does with a map of 50,000 seats. No canvas is
 * in it: a page adds putting the changed tiles on one, about 4 ms for all of them.
 */
const rounds = 40;
const warmUps = 10;
const screen = { width: 1_280, height: 720 };
const statuses = [0, 1, 2, 3];

export function main(): number {
  const document = stadiumOf(50, 25, 40);
  const plan = new SeatPlan(document);
  const looks = new SeatLooks(plan.seatCount);
  looks.setAll(new Uint8Array(plan.seatCount), true);
  const frame = { bounds: plan.bounds, pitch: plan.pitch, ...screen };
  const overview = fit(frame);
  const near = home(frame, plan.document.focal);
  const raster = new OverviewRaster(plan, looks, palettes.light, overview.scale);
  const grid = new GridIndex(plan.x, plan.y, plan.bounds, 2 * plan.pitch);
  const changes = looks.follow();
  const pixels = new Uint32Array(tileSide * tileSide);
  const room = new Uint32Array(plan.seatCount);
  const picker = new Picker(plan, looks, { byCategory: [1, 2, 3] });
  console.log(`${plan.seatCount} seats, ${raster.tileCount} tiles, ${raster.side} px a seat\n`);

  report('plan from its document', () => void new SeatPlan(document));
  report('grid index', () => void new GridIndex(plan.x, plan.y, plan.bounds, 2 * plan.pitch));
  report('raster made', () => {
    void new OverviewRaster(plan, looks, palettes.light, overview.scale);
  });
  const paintDirty = () => {
    for (let tile = 0; tile < raster.tileCount; tile += 1) {
      if (raster.isDirty(tile)) raster.paintTile(tile, pixels);
    }
  };
  report('raster painted', () => {
    raster.setPalette(palettes.light);
    paintDirty();
  });
  report('status of every seat', (round) => {
    looks.setAll(new Uint8Array(plan.seatCount).fill(statuses[round % 4]), true);
    changes.take();
  });
  report('200 changes patched', (round) => {
    for (let change = 0; change < 200; change += 1) {
      const seat = (change * 7_919 + round * 104_729) % plan.seatCount;
      looks.setStatus(seat, statuses[(change + round) % 4]);
    }
    raster.patch(changes.take());
    paintDirty();
  });
  report('a pan, and its seats', (round) => {
    grid.inBox(visible(frame, panned(frame, near, round * 13, round * 7)), room);
  });
  report('10,000 hit tests', (round) => {
    const { left, top, right, bottom } = plan.bounds;
    for (let hit = 0; hit < 10_000; hit += 1) {
      const x = left + (((hit * 7_919 + round) % 10_007) / 10_007) * (right - left);
      const y = top + (((hit * 104_729 + round) % 10_009) / 10_009) * (bottom - top);
      grid.nearest(x, y, plan.pitch);
    }
  });
  report('sections of the picker', (round) => void picker.sections(1 + (round % 4)));
  return 0;
}

function report(what: string, run: (round: number) => void): void {
  for (let round = 0; round < warmUps; round += 1) run(round);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    run(round);
    took.push(performance.now() - from);
  }
  took.sort((a, b) => a - b);
  const [median, late] = [took[rounds >> 1], took[Math.floor(rounds * 0.95)]];
  console.log(`${what.padEnd(24)} ${median.toFixed(3).padStart(9)} ${late.toFixed(3).padStart(9)}`);
}
