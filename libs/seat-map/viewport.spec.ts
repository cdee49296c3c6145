import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detailAt } from './detail-level.js';
import { jumpTo, minimapOf } from './minimap.js';
import {
  fingerPixels,
  fit,
  home,
  panned,
  revealing,
  showing,
  toPlan,
  toScreen,
  visible,
  zoomed,
  type Frame,
  type View,
} from './viewport.js';

const stadium: Frame = {
  bounds: { left: -3_000, top: 200, right: 5_000, bottom: 6_200 },
  pitch: 20,
  width: 390,
  height: 600,
};
const studio: Frame = {
  ...stadium,
  bounds: { left: 0, top: 0, right: 100, bottom: 60 },
};

describe('a view of the map', () => {
  it('begins with the whole plan, in the middle', () => {
    const shown = visible(stadium, fit(stadium));
    expect(shown.left).toBeLessThan(-3_000);
    expect(shown.right).toBeGreaterThan(5_000);
    expect((shown.top + shown.bottom) / 2).toBeCloseTo(3_200);
  });

  it('begins where people look first, so near that a finger hits a seat', () => {
    const view = home(stadium, { x: 1_000, y: 1_000 });
    expect(view.scale * stadium.pitch).toBe(fingerPixels);
    expect(toScreen(view, 1_000, 1_000)).toEqual({ x: 195, y: 300 });
  });

  it('does not begin nearer than needed where all seats can be hit', () => {
    expect(home(studio, { x: 0, y: 0 })).toEqual(fit(studio));
  });

  it('keeps the place under the fingers (VP2)', () => {
    const view = home(stadium, { x: 1_000, y: 3_000 });
    const before = toPlan(view, 100, 400);
    const after = toPlan(zoomed(stadium, view, { x: 100, y: 400 }, 1.7), 100, 400);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('never loses the plan, whatever is done to it (VP1)', () => {
    const far = fc.integer({ min: -9_000, max: 9_000 });
    const step = fc.record({
      dx: far,
      dy: far,
      factor: fc.double({ min: 0.01, max: 50, noNaN: true }),
    });
    const property = fc.property(fc.array(step, { maxLength: 20 }), fc.boolean(), (steps, big) => {
      const frame = big ? stadium : studio;
      let view: View = fit(frame);
      const least = view.scale;
      for (const { dx, dy, factor } of steps) {
        view = zoomed(frame, panned(frame, view, dx, dy), { x: dx % 390, y: dy % 600 }, factor);
        expect(view.scale).toBeGreaterThanOrEqual(least * 0.999);
        expect(view.scale * frame.pitch).toBeLessThanOrEqual(64.01);
        const { left, top, right, bottom } = visible(frame, view);
        expect(left).toBeLessThan(frame.bounds.right);
        expect(right).toBeGreaterThan(frame.bounds.left);
        expect(top).toBeLessThan(frame.bounds.bottom);
        expect(bottom).toBeGreaterThan(frame.bounds.top);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('goes to a section that was tapped, and no further than needed to a seat', () => {
    const box = { left: 0, top: 1_000, right: 400, bottom: 1_300 };
    const shown = visible(stadium, showing(stadium, box));
    expect(shown.left).toBeLessThanOrEqual(0);
    expect(shown.right).toBeGreaterThanOrEqual(400);
    expect(shown.right - shown.left).toBeLessThan(500);
    const view = home(stadium, { x: 1_000, y: 3_000 });
    expect(revealing(stadium, view, { x: 1_010, y: 3_010 })).toBe(view);
    const moved = toScreen(revealing(stadium, view, { x: 2_000, y: 3_000 }), 2_000, 3_000);
    expect(moved).toEqual({ x: 358, y: 300 });
  });
});

describe('the small map', () => {
  it('is not there while all of the plan is on the screen', () => {
    expect(minimapOf(stadium, fit(stadium), 96)).toBeNull();
  });

  it('frames what is on the screen, and leads there', () => {
    const view = home(stadium, { x: 1_000, y: 3_200 });
    const map = minimapOf(stadium, view, 96);
    if (map === null) throw new Error('no minimap');
    expect([map.width, map.height]).toEqual([96, 72]);
    expect((map.window.left + map.window.right) / 2).toBeCloseTo(48);
    expect((map.window.top + map.window.bottom) / 2).toBeCloseTo(36);
    const there = visible(stadium, jumpTo(stadium, view, map, { x: 24, y: 36 }));
    expect((there.left + there.right) / 2).toBeCloseTo(-1_000);
  });
});

describe('the level of detail', () => {
  it('follows the size of seats on the screen', () => {
    expect([2, 10, 25, 26].map((pixels) => detailAt(pixels))).toEqual([
      'sections',
      'seats',
      'seats',
      'numbers',
    ]);
  });

  it('does not flicker on its borders', () => {
    expect(detailAt(9, 'seats')).toBe('seats');
    expect(detailAt(8, 'seats')).toBe('sections');
    expect(detailAt(9, 'sections')).toBe('sections');
    expect(detailAt(10, 'sections')).toBe('seats');
  });
});
