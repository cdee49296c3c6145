import type { Box } from './seat-plan.js';
import { bounded, visible, type Frame, type Point, type View } from './viewport.js';

/**
 * The small map in a corner: the whole plan, and a frame around what the screen shows. Empty when
 * the screen shows all of it anyhow.
 */
export interface Minimap {
  readonly width: number;
  readonly height: number;
  /** Pixels of the minimap a plan unit. */
  readonly scale: number;
  /** Of the screen, in pixels of the minimap, cut at its edges. */
  readonly window: Box;
}

/** `longest`: pixels of the longer side. null: not needed. */
export function minimapOf(frame: Frame, view: View, longest: number): Minimap | null {
  const { left, top, right, bottom } = frame.bounds;
  const shown = visible(frame, view);
  const all =
    shown.left <= left && shown.top <= top && shown.right >= right && shown.bottom >= bottom;
  if (all) return null;
  const [width, height] = [right - left, bottom - top];
  const scale = longest / Math.max(width, height, frame.pitch);
  const across = (x: number): number => Math.min(width, Math.max(0, x - left)) * scale;
  const down = (y: number): number => Math.min(height, Math.max(0, y - top)) * scale;
  return {
    width: width * scale,
    height: height * scale,
    scale,
    window: {
      left: across(shown.left),
      top: down(shown.top),
      right: across(shown.right),
      bottom: down(shown.bottom),
    },
  };
}

/** A point of the minimap comes to the middle of the screen. */
export function jumpTo(frame: Frame, view: View, { scale }: Minimap, at: Point): View {
  const x = frame.bounds.left + at.x / scale;
  const y = frame.bounds.top + at.y / scale;
  const { width, height } = frame;
  return bounded(frame, {
    scale: view.scale,
    offsetX: width / 2 - x * view.scale,
    offsetY: height / 2 - y * view.scale,
  });
}
