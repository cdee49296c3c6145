import { cssOf } from '#libs/seat-map/palette.js';
import type { SectionSign } from '#libs/seat-map/section-signs.js';
import { toScreen, type View } from '#libs/seat-map/viewport.js';
import type { MapTheme } from './map-theme.js';
import { family } from './paint-plan.js';

export interface SignWords {
  readonly from: (minor: number) => string;
  readonly none: string;
}

export interface SignSheet {
  readonly context: CanvasRenderingContext2D;
  readonly view: View;
  readonly theme: MapTheme;
}

/** With more of them the word that all begin with is left out. */
const fewSections = 12;
/** Names with every price that they have had: then all are made anew. */
const picturesMax = 400;
/** Made in one frame; of a stadium's sixty the others follow in the next ones. */
const madePerFrame = 8;
const fonts = [`650 12px ${family}`, `500 11px ${family}`] as const;

/** Names and prices over sections: each is painted once, and put down wherever it is in a frame. */
export class SignPictures {
  readonly #pictures = new Map<string, Picture>();
  readonly #measure = document.createElement('canvas').getContext('2d');
  #theme: MapTheme | null = null;

  /**
   * The largest sections first; one that would lie over another is left out, or its price is. True:
   * some have their place, but not their picture yet.
   */
  paint(sheet: SignSheet, signs: readonly SectionSign[], words: SignWords): boolean {
    // Its price stands beside the map, and its name would hide seats and tell nobody the way.
    if (signs.length === 1) return false;
    if (this.#theme !== sheet.theme || this.#pictures.size > picturesMax) this.#pictures.clear();
    this.#theme = sheet.theme;
    const { view } = sheet;
    const taken: Rectangle[] = [];
    let [left, isUnfinished] = [madePerFrame, false];
    const bySize = signs
      .filter(({ x }) => Number.isFinite(x))
      .map((sign) => ({ sign, room: (sign.box.right - sign.box.left) * view.scale }))
      .sort((a, b) => b.room - a.room);
    for (const { sign, room } of bySize) {
      const name = signs.length > fewSections ? sign.short : sign.name;
      if (name === '') continue;
      const price = sign.from === null ? words.none : words.from(sign.from);
      for (const below of [price, '']) {
        const picture = this.#pictureOf(name, below, sign.free === 0);
        const at = toScreen(view, sign.x, sign.y);
        const { width, height } = picture;
        const place = { x: at.x - width / 2, y: at.y - height / 2, width, height };
        if (width > Math.max(room * 1.4, 40) || taken.some((one) => meet(one, place))) continue;
        taken.push(place);
        if (!picture.isMade && left === 0) isUnfinished = true;
        else {
          if (!picture.isMade) left -= 1;
          make(picture, sheet.theme);
          put(sheet.context, picture, place);
        }
        break;
      }
    }
    return isUnfinished;
  }

  #pictureOf(name: string, below: string, gone: boolean): Picture {
    const key = `${name}\n${below}\n${gone}\n${devicePixelRatio}`;
    const known = this.#pictures.get(key);
    if (known !== undefined) return known;
    const lines = below === '' ? [name] : [name, below];
    const widths = lines.map((line, index) => {
      if (this.#measure === null) return 0;
      this.#measure.font = fonts[index];
      return this.#measure.measureText(line).width;
    });
    const width = Math.max(...widths) + 16;
    const height = 8 + lines.length * 15;
    const canvas = document.createElement('canvas');
    const picture = { canvas, width, height, lines, gone, isMade: false };
    this.#pictures.set(key, picture);
    return picture;
  }
}

interface Picture {
  /** With a pixel around it, which is half of its line's. */
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly gone: boolean;
  isMade: boolean;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const meet = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width + 3 &&
  other.x < one.x + one.width + 3 &&
  one.y < other.y + other.height + 3 &&
  other.y < one.y + one.height + 3;

/** On whole pixels: letters between them would be fuzzy. */
function put(context: CanvasRenderingContext2D, { canvas }: Picture, { x, y }: Rectangle): void {
  const ratio = devicePixelRatio;
  const whole = (at: number) => Math.round((at - 1) * ratio) / ratio;
  context.drawImage(canvas, whole(x), whole(y), canvas.width / ratio, canvas.height / ratio);
}

function make(picture: Picture, theme: MapTheme): void {
  if (picture.isMade) return;
  picture.isMade = true;
  const { canvas, width, height, lines, gone } = picture;
  canvas.width = Math.ceil((width + 2) * devicePixelRatio);
  canvas.height = Math.ceil((height + 2) * devicePixelRatio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.translate(1, 1);
  context.fillStyle = theme.isDark ? 'rgb(22 23 27 / 90%)' : 'rgb(255 255 255 / 93%)';
  context.strokeStyle = theme.shapeLine;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(0, 0, width, height, 8);
  context.fill();
  context.stroke();
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  lines.forEach((line, index) => {
    context.font = fonts[index];
    context.fillStyle = index === 0 && !gone ? cssOf(theme.palette.text) : theme.quiet;
    context.fillText(line, width / 2, 12 + index * 15);
  });
}
