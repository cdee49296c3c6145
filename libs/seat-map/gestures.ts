/**
 * What fingers, pens, mouse and wheel mean, from pointer events as plain data.
 *
 * GE1  A drag never selects: who moved further than a hand trembles makes no tap any more, however
 *      near it ends.
 * GE2  Two fingers pinch and pan at once; none of them is a tap, before all have left.
 * GE3  The wheel is the page's, unless the map has the focus or Ctrl is held (a pinch on a
 *      touch-pad is a wheel with Ctrl).
 * GE4  A pointer that is cancelled, or one that never went down, does nothing.
 */
export interface PointerEventData {
  readonly kind: 'down' | 'move' | 'up' | 'cancel';
  readonly id: number;
  readonly pointer: 'mouse' | 'touch' | 'pen';
  /** Pixels of the map. */
  readonly x: number;
  readonly y: number;
}

export interface WheelEventData {
  readonly kind: 'wheel';
  readonly x: number;
  readonly y: number;
  /** Pixels; above 0 is away from the reader. */
  readonly delta: number;
  readonly ctrl: boolean;
  readonly focused: boolean;
}

export type InputEvent = PointerEventData | WheelEventData | { readonly kind: 'leave' };

export type Intent =
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | {
      readonly kind: 'zoom';
      readonly x: number;
      readonly y: number;
      readonly factor: number;
    }
  | {
      readonly kind: 'tap';
      readonly x: number;
      readonly y: number;
      readonly byFinger: boolean;
    }
  | { readonly kind: 'hover'; readonly x: number; readonly y: number }
  | { readonly kind: 'unhover' }
  /** The page scrolls; the map might say how it is zoomed. */
  | { readonly kind: 'page' };

const trembles = { mouse: 4, pen: 8, touch: 10 } as const;
/** A wheel that turns so far makes it twice as large. */
const wheelDouble = 300;
const pinchLeast = 8;

interface Down {
  readonly pointer: PointerEventData['pointer'];
  readonly fromX: number;
  readonly fromY: number;
  x: number;
  y: number;
}

export class Gestures {
  readonly #down = new Map<number, Down>();
  /** Whoever is down now makes no tap. */
  #moved = false;
  #hovers = false;

  /** What to do, in this order; empty: nothing. */
  take(event: InputEvent): readonly Intent[] {
    switch (event.kind) {
      case 'down':
        return this.#press(event);
      case 'move':
        return this.#move(event);
      case 'up':
        return this.#lift(event, !this.#moved);
      case 'cancel':
        return this.#lift(event, false);
      case 'wheel':
        return wheel(event);
      case 'leave':
        return this.#unhover();
    }
  }

  /** While true the map follows a hand: nothing else should move it. */
  get busy(): boolean {
    return this.#down.size > 0;
  }

  #press({ id, pointer, x, y }: PointerEventData): readonly Intent[] {
    if (this.#down.size === 0) this.#moved = false;
    else this.#moved = true;
    this.#down.set(id, { pointer, fromX: x, fromY: y, x, y });
    return this.#unhover();
  }

  #move({ id, pointer, x, y }: PointerEventData): readonly Intent[] {
    const one = this.#down.get(id);
    if (one === undefined) {
      if (pointer === 'touch' || this.#down.size > 0) return [];
      this.#hovers = true;
      return [{ kind: 'hover', x, y }];
    }
    const other = [...this.#down].find(([otherId]) => otherId !== id)?.[1];
    const [dx, dy] = [x - one.x, y - one.y];
    if (other !== undefined) {
      const intents = pinch(one, other, x, y);
      [one.x, one.y] = [x, y];
      return intents;
    }
    if (!this.#moved) {
      const distance = Math.hypot(x - one.fromX, y - one.fromY);
      if (distance <= trembles[one.pointer]) return [];
      this.#moved = true;
    }
    [one.x, one.y] = [x, y];
    return [{ kind: 'pan', dx, dy }];
  }

  #lift({ id, x, y }: PointerEventData, taps: boolean): readonly Intent[] {
    const one = this.#down.get(id);
    if (!this.#down.delete(id) || one === undefined || !taps) return [];
    if (Math.hypot(x - one.fromX, y - one.fromY) > trembles[one.pointer]) return [];
    return [
      {
        kind: 'tap',
        x: one.fromX,
        y: one.fromY,
        byFinger: one.pointer === 'touch',
      },
    ];
  }

  #unhover(): readonly Intent[] {
    if (!this.#hovers) return [];
    this.#hovers = false;
    return [{ kind: 'unhover' }];
  }
}

/** Both fingers stay on the places of the plan that they have touched. */
function pinch(one: Down, other: Down, x: number, y: number): readonly Intent[] {
  const before = Math.max(pinchLeast, Math.hypot(one.x - other.x, one.y - other.y));
  const after = Math.max(pinchLeast, Math.hypot(x - other.x, y - other.y));
  const [dx, dy] = [(x - one.x) / 2, (y - one.y) / 2];
  const middle = { x: (x + other.x) / 2, y: (y + other.y) / 2 };
  return [
    { kind: 'pan', dx, dy },
    { kind: 'zoom', ...middle, factor: after / before },
  ];
}

function wheel({ x, y, delta, ctrl, focused }: WheelEventData): readonly Intent[] {
  if (!ctrl && !focused) return [{ kind: 'page' }];
  return [{ kind: 'zoom', x, y, factor: 2 ** (-delta / wheelDouble) }];
}
