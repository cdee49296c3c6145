import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Gestures, type Intent, type PointerEventData } from './gestures.js';

describe('gestures', () => {
  let gestures: Gestures;
  const pointer = (
    kind: PointerEventData['kind'],
    x: number,
    y: number,
    id = 1,
    by: PointerEventData['pointer'] = 'touch',
  ): readonly Intent[] => gestures.take({ kind, x, y, id, pointer: by });
  const kinds = (intents: readonly Intent[]) => intents.map(({ kind }) => kind);

  beforeEach(() => {
    gestures = new Gestures();
  });

  it('a finger that trembles taps where it touched', () => {
    pointer('down', 50, 50);
    expect(pointer('move', 56, 54)).toEqual([]);
    expect(pointer('up', 57, 53)).toEqual([{ kind: 'tap', x: 50, y: 50, byFinger: true }]);
  });

  it('a drag pans and never selects, also when it ends where it began (GE1)', () => {
    pointer('down', 50, 50);
    expect(pointer('move', 80, 50)).toEqual([{ kind: 'pan', dx: 30, dy: 0 }]);
    expect(pointer('move', 50, 50)).toEqual([{ kind: 'pan', dx: -30, dy: 0 }]);
    expect(pointer('up', 50, 50)).toEqual([]);
  });

  it('a jump from down to up without a move is no tap', () => {
    pointer('down', 50, 50);
    expect(pointer('up', 90, 50)).toEqual([]);
  });

  it('two fingers zoom around their middle, and none of them taps (GE2)', () => {
    pointer('down', 100, 100, 1);
    pointer('down', 200, 100, 2);
    const intents = pointer('move', 300, 100, 2);
    expect(intents).toEqual([
      { kind: 'pan', dx: 50, dy: 0 },
      { kind: 'zoom', x: 200, y: 100, factor: 2 },
    ]);
    expect(pointer('up', 300, 100, 2)).toEqual([]);
    expect(kinds(pointer('move', 101, 100, 1))).toEqual(['pan']);
    expect(pointer('up', 101, 100, 1)).toEqual([]);
    pointer('down', 10, 10);
    expect(kinds(pointer('up', 10, 10))).toEqual(['tap']);
  });

  it('the wheel is the page’s, unless the map has the focus or Ctrl is held (GE3)', () => {
    const turn = { kind: 'wheel', x: 5, y: 6, delta: -300 } as const;
    expect(gestures.take({ ...turn, ctrl: false, focused: false })).toEqual([{ kind: 'page' }]);
    const zoom = [{ kind: 'zoom', x: 5, y: 6, factor: 2 }];
    expect(gestures.take({ ...turn, ctrl: true, focused: false })).toEqual(zoom);
    expect(gestures.take({ ...turn, ctrl: false, focused: true })).toEqual(zoom);
  });

  it('a mouse hovers, a finger does not, and what left hovers no more', () => {
    expect(kinds(pointer('move', 5, 5, 9, 'mouse'))).toEqual(['hover']);
    expect(kinds(gestures.take({ kind: 'leave' }))).toEqual(['unhover']);
    expect(gestures.take({ kind: 'leave' })).toEqual([]);
    expect(pointer('move', 5, 5)).toEqual([]);
  });

  it('a pointer that the browser took away does nothing (GE4)', () => {
    pointer('down', 50, 50);
    expect(pointer('cancel', 50, 50)).toEqual([]);
    expect(pointer('up', 50, 50)).toEqual([]);
    expect(gestures.busy).toBe(false);
  });

  it('zooms by what is above nothing and finite, whatever two fingers do', () => {
    const at = fc.integer({ min: 0, max: 400 });
    const events = fc.array(fc.tuple(fc.constantFrom(1, 2), at, at), {
      maxLength: 30,
    });
    const property = fc.property(events, (moves) => {
      gestures = new Gestures();
      pointer('down', 10, 10, 1);
      pointer('down', 10, 10, 2);
      for (const [id, x, y] of moves) {
        for (const intent of pointer('move', x, y, id)) {
          if (intent.kind === 'zoom') expect(intent.factor).toBeGreaterThan(0.005);
          if (intent.kind === 'zoom') expect(intent.factor).toBeLessThan(200);
        }
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
