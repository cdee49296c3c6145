import type { LayoutDocument, PlanDrawing } from './layout-document.js';
import type { Box, SeatPlan } from './seat-plan.js';

/** What a plan draws beside its seats: where it is, and how large a map that shows all of it is. */
export const drawingsOf = ({ drawings = [] }: LayoutDocument): readonly PlanDrawing[] => drawings;

/** Around a drawing as it stands, turned around its x and y. */
export function boxOfDrawing(drawing: PlanDrawing): Box {
  const turn = (drawing.rotation * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  const corners = cornersOf(drawing).map(([x, y]) => ({
    x: drawing.x + x * cosine - y * sine,
    y: drawing.y + x * sine + y * cosine,
  }));
  return boxAround(corners);
}

/** The seats with a seat's width around them, and all that is drawn. */
export function boundsOfPlan({ bounds, pitch, document }: SeatPlan): Box {
  const { left, top, right, bottom } = bounds;
  const seats = [
    { x: left - pitch, y: top - pitch },
    { x: right + pitch, y: bottom + pitch },
  ];
  const drawn = drawingsOf(document)
    .map(boxOfDrawing)
    .flatMap((box) => [
      { x: box.left, y: box.top },
      { x: box.right, y: box.bottom },
    ]);
  return boxAround([...seats, ...drawn]);
}

/** Relative to x and y, before it is turned. */
function cornersOf(drawing: PlanDrawing): readonly (readonly [number, number])[] {
  const { radius_x: across, radius_y: down, points, width = 0, height = 0 } = drawing;
  if (points !== undefined) return points.map(({ x, y }) => [x, y] as const);
  if (across !== undefined && down !== undefined) {
    return [
      [-across, -down],
      [across, -down],
      [across, down],
      [-across, down],
    ];
  }
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

function boxAround(points: readonly { readonly x: number; readonly y: number }[]): Box {
  return points.reduce<Box>(
    ({ left, top, right, bottom }, { x, y }) => ({
      left: Math.min(left, x),
      top: Math.min(top, y),
      right: Math.max(right, x),
      bottom: Math.max(bottom, y),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );
}
