import { detailAt, type DetailLevel } from '#libs/seat-map/detail-level.js';
import { Gestures, type InputEvent, type Intent } from '#libs/seat-map/gestures.js';
import { GridIndex } from '#libs/seat-map/grid-index.js';
import { jumpTo, minimapOf, type Minimap } from '#libs/seat-map/minimap.js';
import { boundsOfPlan } from '#libs/seat-map/plan-drawings.js';
import type { LookChanges } from '#libs/seat-map/seat-looks.js';
import type { Box } from '#libs/seat-map/seat-plan.js';
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
} from '#libs/seat-map/viewport.js';
import { paintOver } from './map-painter.js';
import { MapScene } from './map-scene.js';
import { MapTiles } from './map-tiles.js';
import { mapTheme, onThemeChange, wantsStillness, type MapTheme } from './map-theme.js';
import type { SaleModel } from './sale-model.js';
import { SignPictures } from './sign-pictures.js';

export interface MapListener {
  readonly onTap: (seat: number) => void;
  /** -1: nothing is pointed at. In pixels of the map. */
  readonly onHover: (seat: number, x: number, y: number) => void;
  /** The page scrolls instead: the map says how it is zoomed. */
  readonly onPage: () => void;
  /** It begins with all of the plan, and not with seats of a finger's size. */
  readonly beginsWhole: boolean;
}

const glideMs = 220;
/** The longer side of the small map. */
const smallPixels = 112;
const smallMs = 500;
const pulseMs = 900;
/** After its last step. */
const movingMs = 200;
const pulsesMax = 256;
/** Seats are found by their place from then on, or when somebody points at one before. */
const indexAfterMs = 800;
/** So long the first frame waits for what the seats are: to paint them twice takes longer. */
const unheardMs = 400;
/** A house that shows so much of itself with seats of a finger's size begins so. */
const homePart = 0.3;

/** The canvas of a map: what it shows, what fingers do to it, when it is painted. */
export class MapView {
  level: DetailLevel = 'sections';
  /** Of the keyboard; -1: none. */
  focused = -1;
  hovered = -1;
  /** Changed just now, with when. */
  readonly pulses = new Map<number, number>();
  view: View = { scale: 1, offsetX: 0, offsetY: 0 };
  theme: MapTheme = mapTheme();
  readonly tiles: MapTiles;
  readonly signs = new SignPictures();
  readonly #scene = new MapScene();
  /** What the scene has to paint anew. */
  readonly #changes: LookChanges;
  /** null: nobody came near enough to a seat yet. */
  #grid: GridIndex | null = null;
  readonly #indexing: ReturnType<typeof setTimeout>;
  readonly #bounds: Box;
  readonly #gestures = new Gestures();
  readonly #stopTheme: () => void;
  readonly #seen: Uint32Array;
  size = { width: 0, height: 0 };
  #frame = 0;
  #movedAtMs = -Infinity;
  #waits = true;
  readonly #waiting: ReturnType<typeof setTimeout>;
  #glide: Glide | null = null;
  /** The seats of the small map, as of a version of the tiles; -1: of none. */
  readonly #smallPlan = document.createElement('canvas');
  #smallVersion = -1;
  #smallAtMs = 0;
  #smallTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly small: HTMLCanvasElement,
    readonly model: SaleModel,
    private readonly listener: MapListener,
  ) {
    const { plan, looks } = model;
    this.#bounds = boundsOfPlan(plan);
    this.#seen = new Uint32Array(plan.seatCount);
    this.tiles = new MapTiles(model, this.theme);
    this.#changes = looks.follow();
    this.#waiting = setTimeout(() => {
      this.#waits = false;
      this.paint();
    }, unheardMs);
    this.#indexing = setTimeout(() => void this.#index(), indexAfterMs);
    this.#stopTheme = onThemeChange(() => {
      this.theme = mapTheme();
      this.tiles.setTheme(this.theme);
      this.#scene.forget();
      this.paint();
    });
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#waiting);
    clearTimeout(this.#indexing);
    this.tiles.close();
    if (this.#smallTimer !== null) clearTimeout(this.#smallTimer);
    this.#stopTheme();
  }

  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    const isFirst = this.size.width === 0;
    const middle = toPlan(this.view, this.size.width / 2, this.size.height / 2);
    this.size = { width, height };
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    if (isFirst) this.#set(this.listener.beginsWhole ? fit(this.frame) : this.#home());
    else {
      const { scale } = this.view;
      const moved = { scale, offsetX: width / 2 - middle.x * scale, offsetY: 0 };
      this.#set(panned(this.frame, { ...moved, offsetY: height / 2 - middle.y * scale }, 0, 0));
    }
  }

  get frame(): Frame {
    return { bounds: this.#bounds, pitch: this.model.plan.pitch, ...this.size };
  }

  take(event: InputEvent): boolean {
    const intents = this.#gestures.take(event);
    for (const intent of intents) this.#obey(intent);
    return intents.some(({ kind }) => kind === 'zoom');
  }

  /** Under a hand, or on its way. */
  get isMoving(): boolean {
    return performance.now() - this.#movedAtMs < movingMs;
  }

  zoom(factor: number): void {
    const { width, height } = this.size;
    this.#glideTo(zoomed(this.frame, this.view, { x: width / 2, y: height / 2 }, factor));
  }

  showAll(): void {
    this.#glideTo(fit(this.frame));
  }

  /** As near as fingers need it, with these seats in the middle. */
  reveal(seats: readonly number[]): void {
    if (seats.length === 0) return;
    const { plan } = this.model;
    const [first, last] = [seats[0], seats[seats.length - 1]];
    const at = { x: (plan.x[first] + plan.x[last]) / 2, y: (plan.y[first] + plan.y[last]) / 2 };
    if (this.level === 'sections') this.#glideTo(home(this.frame, at, fingerPixels * 1.25));
    else this.#glideTo(revealing(this.frame, this.view, at));
  }

  showBox(box: Box): void {
    this.#glideTo(showing(this.frame, box));
  }

  /** A point of the small map comes to the middle. */
  jump(x: number, y: number): void {
    const map = minimapOf(this.frame, this.view, smallPixels);
    if (map !== null) this.#glideTo(jumpTo(this.frame, this.view, map, { x, y }));
  }

  focus(seat: number): void {
    this.focused = seat;
    if (seat >= 0) this.reveal([seat]);
    this.paint();
  }

  /** What nobody sees is painted with the next frame that somebody does. */
  changed(seat: number): void {
    if (!this.#isOnScreen(seat)) return;
    const isRinged = this.level !== 'sections' && !wantsStillness();
    if (isRinged && this.pulses.size < pulsesMax) this.pulses.set(seat, performance.now());
    this.paint();
  }

  #isOnScreen(seat: number): boolean {
    const { plan } = this.model;
    const { x, y } = toScreen(this.view, plan.x[seat], plan.y[seat]);
    const reach = plan.pitch * this.view.scale;
    const isAcross = x > -reach && x < this.size.width + reach;
    return isAcross && y > -reach && y < this.size.height + reach;
  }

  /** Once in the next frame, however often it is asked for. */
  paint(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  /** Seats in a box of the plan; a view that the next call reuses. */
  seen(box: Box): Uint32Array {
    return this.#seen.subarray(0, this.#index().inBox(box, this.#seen));
  }

  /** A stadium seen whole is on the screen before it; who comes near does not wait for it. */
  #index(): GridIndex {
    const { x, y, bounds, pitch } = this.model.plan;
    return (this.#grid ??= new GridIndex(x, y, bounds, 2 * pitch));
  }

  nearest(x: number, y: number, reach: number): number {
    return this.#index().nearest(x, y, reach);
  }

  #paint(now: number): void {
    this.#frame = 0;
    const { plan, isHeard } = this.model;
    if (this.size.width === 0 || (this.#waits && !isHeard)) return;
    this.tiles.refresh();
    if (this.#glide !== null) this.#step(this.#glide, now);
    this.level = detailAt(plan.pitch * this.view.scale, this.level);
    for (const [seat, since] of this.pulses) {
      if (now - since > pulseMs) this.pulses.delete(seat);
    }
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    const isBlurred = this.#scene.show(context, this, this.#changes.take());
    const isUnfinished = paintOver(context, this, { now, pulseMs }) || isBlurred;
    this.#paintSmall(now);
    if (this.pulses.size > 0 || this.#glide !== null || isUnfinished) this.paint();
  }

  #paintSmall(now: number): void {
    const map = minimapOf(this.frame, this.view, smallPixels);
    this.small.hidden = map === null;
    const context = this.small.getContext('2d');
    if (map === null || context === null) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.ceil(map.width * ratio), Math.ceil(map.height * ratio)];
    if (this.small.width !== width || this.small.height !== height) {
      for (const canvas of [this.small, this.#smallPlan]) {
        [canvas.width, canvas.height] = [width, height];
      }
      this.#smallVersion = -1;
      this.small.style.width = `${map.width}px`;
      this.small.style.height = `${map.height}px`;
    }
    this.#paintSmallPlan(map, now);
    const { left, top, right, bottom } = map.window;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#smallPlan, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.strokeStyle = this.theme.accent;
    context.lineWidth = 2;
    context.strokeRect(left, top, right - left, bottom - top);
  }

  /** Twice a second. */
  #paintSmallPlan({ scale, width, height }: Minimap, now: number): void {
    const context = this.#smallPlan.getContext('2d');
    const { small } = this.tiles;
    small.refresh();
    if (context === null || this.#smallVersion === small.version) return;
    if (this.#smallVersion !== -1 && now - this.#smallAtMs < smallMs) {
      this.#smallTimer ??= setTimeout(() => {
        this.#smallTimer = null;
        this.paint();
      }, smallMs);
      return;
    }
    [this.#smallVersion, this.#smallAtMs] = [small.version, now];
    const { left, top } = this.#bounds;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    const view = { scale, offsetX: -left * scale, offsetY: -top * scale };
    small.draw(context, view, { left: 0, top: 0, width, height }, 'high');
  }

  #obey(intent: Intent): void {
    switch (intent.kind) {
      case 'pan':
        this.#glide = null;
        return this.#set(panned(this.frame, this.view, intent.dx, intent.dy));
      case 'zoom':
        this.#glide = null;
        return this.#set(zoomed(this.frame, this.view, intent, intent.factor));
      case 'tap':
        return this.#tap(intent.x, intent.y, intent.byFinger);
      case 'hover':
        return this.#hover(intent.x, intent.y);
      case 'unhover':
        this.hovered = -1;
        this.listener.onHover(-1, 0, 0);
        return this.paint();
      case 'page':
        return this.listener.onPage();
    }
  }

  /** Far away it leads nearer; near it means a seat. */
  #tap(x: number, y: number, byFinger: boolean): void {
    if (this.level === 'sections') {
      const wanted = (fingerPixels * 1.25) / (this.model.plan.pitch * this.view.scale);
      return this.#glideTo(zoomed(this.frame, this.view, { x, y }, Math.min(wanted, 8)));
    }
    const seat = this.#seatAt(x, y, byFinger ? fingerPixels / 2 : 0);
    if (seat >= 0) this.listener.onTap(seat);
  }

  #hover(x: number, y: number): void {
    const seat = this.level === 'sections' ? -1 : this.#seatAt(x, y, 0);
    if (seat === this.hovered && seat === -1) return;
    this.hovered = seat;
    this.listener.onHover(seat, x, y);
    this.paint();
  }

  #seatAt(x: number, y: number, leastPixels: number): number {
    const { pitch } = this.model.plan;
    const at = toPlan(this.view, x, y);
    return this.nearest(at.x, at.y, Math.max(pitch * 0.9, leastPixels / this.view.scale));
  }

  #home(): View {
    const { plan } = this.model;
    const coarse = matchMedia('(pointer: coarse)').matches;
    const view = this.#towardsSeats(coarse ? fingerPixels : 16);
    const shown = visible(this.frame, view);
    let seen = 0;
    for (let seat = 0; seat < plan.seatCount; seat += 1) {
      const [x, y] = [plan.x[seat], plan.y[seat]];
      if (x > shown.left && x < shown.right && y > shown.top && y < shown.bottom) seen += 1;
    }
    return seen >= plan.seatCount * homePart ? view : fit(this.frame);
  }

  /** Where everybody looks is at the edge, and the seats that look there in the middle. */
  #towardsSeats(seatPixels: number): View {
    const { focal } = this.model.plan.document;
    const { left, top, right, bottom } = this.model.plan.bounds;
    const scale = seatPixels / this.frame.pitch;
    const shift = (from: number, to: number, size: number) => {
      const most = Math.max(0, size / 2 - 70) / scale;
      return from + Math.min(most, Math.max(-most, to - from));
    };
    const at = {
      x: shift(focal.x, (left + right) / 2, this.size.width),
      y: shift(focal.y, (top + bottom) / 2, this.size.height),
    };
    return home(this.frame, at, seatPixels);
  }

  #glideTo(view: View): void {
    if (wantsStillness()) return this.#set(view);
    this.#glide = { from: this.view, to: view, sinceMs: performance.now() };
    this.paint();
  }

  #step({ from, to, sinceMs }: Glide, now: number): void {
    const part = Math.min(1, Math.max(0, (now - sinceMs) / glideMs));
    const eased = 1 - (1 - part) ** 3;
    const between = (a: number, b: number) => a + (b - a) * eased;
    this.view = {
      scale: between(from.scale, to.scale),
      offsetX: between(from.offsetX, to.offsetX),
      offsetY: between(from.offsetY, to.offsetY),
    };
    this.#movedAtMs = performance.now();
    if (part === 1) this.#glide = null;
  }

  #set(view: View): void {
    this.view = view;
    this.#movedAtMs = performance.now();
    this.paint();
  }
}

interface Glide {
  readonly from: View;
  readonly to: View;
  readonly sinceMs: number;
}
