import type { PlanDocument } from '#libs/catalogue/plan-document.js';

/**
 * A seating plan as SVG, from its public document alone: what the plan draws, every seat in the
 * colour of its category, a line between neighbours, the focal point as a cross, and the seats of
 * `best` numbered in black. For people who want to see whether a plan was understood.
 */
export function planPicture(plan: PlanDocument, best: readonly number[]): string {
  const { x, y } = plan.seats;
  const box = bounds(plan);
  const scale = 1_400 / Math.max(box.width, box.height, 1);
  const unit = spacingOf(plan);
  const parts = [
    ...plan.drawings.map(drawn),
    ...joints(plan, unit),
    ...Array.from(x.keys()).map((seat) => seatOf(plan, seat, unit)),
    ...best.map((seat, i) => marked(x[seat], y[seat], i + 1, unit)),
    cross(plan.focal.x, plan.focal.y, box.width / 50),
    caption(plan, box),
  ];
  const view = `${num(box.left)} ${num(box.top)} ${num(box.width)} ${num(box.height)}`;
  const size = `width="${num(box.width * scale)}" height="${num(box.height * scale)}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" ${size}>` +
    `<rect x="${num(box.left)}" y="${num(box.top)}" width="100%" height="100%" fill="#fff"/>` +
    `${parts.join('\n')}</svg>\n`
  );
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function bounds({ seats, focal, drawings }: PlanDocument): Box {
  let [left, top, right, bottom] = [focal.x, focal.y, focal.x, focal.y];
  const include = (x: number, y: number): void => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  seats.x.forEach((x, seat) => void include(x, seats.y[seat]));
  for (const { x, y, width, height } of drawings) {
    include(x, y);
    include(x + (width ?? 0), y + (height ?? 0));
  }
  const edge = Math.max(right - left, bottom - top) * 0.04 + 1;
  return {
    left: left - edge,
    top: top - edge,
    width: right - left + 2 * edge,
    height: bottom - top + 2 * edge,
  };
}

/** The usual distance of neighbours; a hundredth of the plan's width when there are none. */
function spacingOf({ seats }: PlanDocument): number {
  const gaps = seats.next
    .flatMap((next, i) =>
      next === 1 ? [Math.hypot(seats.x[i + 1] - seats.x[i], seats.y[i + 1] - seats.y[i])] : [],
    )
    .sort((a, b) => a - b);
  return gaps.length === 0 ? 20 : gaps[gaps.length >> 1];
}

function drawn(drawing: PlanDocument['drawings'][number]): string {
  const { x, y, rotation, text, text_x: textX, text_y: textY, text_size: size } = drawing;
  const turn = `transform="translate(${num(x)} ${num(y)}) rotate(${num(rotation)})"`;
  const font = `font-size="${num(size ?? 16)}" text-anchor="middle"`;
  const words = `<text x="${num(textX)}" y="${num(textY)}" ${font}>${escaped(text)}</text>`;
  return `<g ${turn}>${outline(drawing)}${text === '' ? '' : words}</g>`;
}

function outline(drawing: PlanDocument['drawings'][number]): string {
  const { width = 0, height = 0, radius_x: radiusX = 0, radius_y: radiusY = 0 } = drawing;
  const fill = `fill="${escaped(drawing.color ?? 'none')}" fill-opacity="0.5" stroke="#999"`;
  switch (drawing.shape) {
    case 'rectangle':
      return `<rect width="${num(width)}" height="${num(height)}" ${fill}/>`;
    case 'ellipse':
      return `<ellipse rx="${num(radiusX)}" ry="${num(radiusY)}" ${fill}/>`;
    case 'polygon': {
      const points = (drawing.points ?? []).map((point) => `${num(point.x)},${num(point.y)}`);
      return `<polygon points="${points.join(' ')}" ${fill}/>`;
    }
    default:
      return '';
  }
}

function joints({ seats, rows }: PlanDocument, unit: number): string[] {
  const pairs = seats.next.flatMap((next, seat) => (next === 1 ? [[seat, seat + 1]] : []));
  for (const row of rows.round) {
    pairs.push([rows.start[row], (rows.start[row + 1] ?? seats.id.length) - 1]);
  }
  return pairs.map(([a, b]) => {
    const from = `x1="${num(seats.x[a])}" y1="${num(seats.y[a])}"`;
    const to = `x2="${num(seats.x[b])}" y2="${num(seats.y[b])}"`;
    return `<line ${from} ${to} stroke="#555" stroke-width="${num(unit / 8)}"/>`;
  });
}

function seatOf({ seats, categories }: PlanDocument, seat: number, unit: number): string {
  const color = categories[seats.category[seat]].color ?? '#888';
  const at = `cx="${num(seats.x[seat])}" cy="${num(seats.y[seat])}"`;
  const ring = seats.wheelchair.includes(seat) ? ' stroke="#000" stroke-width="2"' : '';
  return `<circle ${at} r="${num(unit * 0.36)}" fill="${escaped(color)}"${ring}/>`;
}

function marked(x: number, y: number, order: number, unit: number): string {
  return (
    `<circle cx="${num(x)}" cy="${num(y)}" r="${num(unit * 0.6)}" fill="#000"/>` +
    `<text x="${num(x)}" y="${num(y + unit * 0.2)}" font-size="${num(unit * 0.6)}" ` +
    `fill="#fff" text-anchor="middle">${order}</text>`
  );
}

function cross(x: number, y: number, arm: number): string {
  const level = `M${num(x - arm)} ${num(y)}h${num(2 * arm)}`;
  const upright = `M${num(x)} ${num(y - arm)}v${num(2 * arm)}`;
  return `<path d="${level}${upright}" stroke="#e00" stroke-width="${num(arm / 5)}"/>`;
}

function caption({ name, focal, seats }: PlanDocument, box: Box): string {
  const size = box.width / 60;
  const from = focal.from ?? 'an old build';
  const text = `${name}: ${seats.id.length} seats, focal point from ${from}`;
  return (
    `<text x="${num(box.left + size)}" y="${num(box.top + size * 1.5)}" ` +
    `font-size="${num(size)}">${escaped(text)}</text>`
  );
}

const num = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string =>
  text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
