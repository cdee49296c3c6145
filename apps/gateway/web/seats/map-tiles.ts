import type { SaleModel } from './sale-model.js';
import type { MapTheme } from './map-theme.js';
import { OverviewTiles } from './overview-tiles.js';

/** Pixels between neighbours; from 4 on a seat's shape says what it is. */
const farPixels = 4;
const nearPixels = 7;
/** Sharp in a theatre, which has a few tiles of it. */
const smallHousePixels = 16;
const smallHouseSeats = 5_000;
/** Of the small map, whose seats are pixels. */
const smallMapPixels = 1.5;
/** Before somebody comes nearer; it takes longer than a frame. */
const nearAfterMs = 1_200;
/** Tiles in a frame that shows none of them. */
const caughtUpMost = 3;

/** Pictures of a house from afar, from less far, and for the small map. */
export class MapTiles {
  /** null: all of the house has been seen at once so far. */
  #small: OverviewTiles | null = null;
  readonly #far: OverviewTiles;
  /** null: not yet, or a small house does without. */
  #near: OverviewTiles | null = null;
  readonly #timer: ReturnType<typeof setTimeout> | null;

  constructor(
    private readonly model: SaleModel,
    private theme: MapTheme,
  ) {
    const isSmall = model.plan.seatCount <= smallHouseSeats;
    this.#far = this.#tilesOf(isSmall ? smallHousePixels : farPixels);
    this.#timer = isSmall
      ? null
      : setTimeout(() => (this.#near = this.#tilesOf(nearPixels)), nearAfterMs);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** For the small map. */
  get small(): OverviewTiles {
    return (this.#small ??= this.#tilesOf(smallMapPixels));
  }

  /** For so many pixels of the page a plan unit. */
  at(scale: number): OverviewTiles {
    const seatPixels = this.model.plan.pitch * scale * devicePixelRatio;
    return this.#near !== null && seatPixels > farPixels ? this.#near : this.#far;
  }

  /** What has changed since is painted when it is drawn, or a little of it now. */
  refresh(): void {
    for (const tiles of [this.#far, this.#near]) {
      tiles?.refresh();
      tiles?.catchUp(caughtUpMost);
    }
  }

  setTheme(theme: MapTheme): void {
    this.theme = theme;
    for (const tiles of [this.#small, this.#far, this.#near]) tiles?.setTheme(theme);
  }

  #tilesOf(seatPixels: number): OverviewTiles {
    return new OverviewTiles(this.model.plan, this.model.looks, this.theme, seatPixels);
  }
}
