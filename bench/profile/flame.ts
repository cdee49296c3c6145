import { escape } from '../suite/escape.js';
import { ownTimes, type CpuProfile, type ProfileNode } from './cpu-profile.js';

const width = 1_200;
const rowHeight = 17;
/** Narrower is not drawn: nobody could read it. */
const narrowest = 1;

interface Box {
  readonly name: string;
  readonly x: number;
  readonly depth: number;
  readonly width: number;
  readonly share: number;
}

/** As SVG: as wide as its time, callers above what they call; idle time is left out. */
export function flameGraph(title: string, profile: CpuProfile): string {
  const boxes = boxesOf(profile);
  const depth = Math.max(0, ...boxes.map((box) => box.depth));
  const height = (depth + 1) * rowHeight;
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">` +
    `<title>${escape(title)}</title>${boxes.map(drawn).join('')}</svg>`
  );
}

export function boxesOf(profile: CpuProfile): Box[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const own = ownTimes(profile);
  const totals = new Map<number, number>();
  const isIdle = ({ callFrame }: ProfileNode) => callFrame.functionName === '(idle)';
  const childrenOf = ({ children = [] }: ProfileNode) =>
    children.flatMap((id) => byId.get(id) ?? []).filter((child) => !isIdle(child));
  const total = (node: ProfileNode): number => {
    const sum = childrenOf(node).reduce((all, child) => all + total(child), own.get(node.id) ?? 0);
    totals.set(node.id, sum);
    return sum;
  };
  const [root] = profile.nodes;
  const all = total(root);
  const boxes: Box[] = [];
  const place = (node: ProfileNode, x: number, depth: number): void => {
    const share = all === 0 ? 0 : (totals.get(node.id) ?? 0) / all;
    if (share * width < narrowest) return;
    boxes.push({ name: nameOf(node), x, depth, width: share * width, share });
    let from = x;
    for (const child of childrenOf(node)) {
      place(child, from, depth + 1);
      from += ((totals.get(child.id) ?? 0) / all) * width;
    }
  };
  place(root, 0, 0);
  return boxes;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.slice(url.lastIndexOf('/') + 1);
  const name = functionName === '' ? '(anonymous)' : functionName;
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}

function drawn({ name, x, depth, width: wide, share }: Box): string {
  const y = depth * rowHeight;
  const hue = 15 + ((name.length * 37) % 40);
  const letters = Math.floor(wide / 6.5);
  const shown = letters < 3 ? '' : escape(name.slice(0, letters));
  return (
    `<g><title>${escape(name)}: ${(share * 100).toFixed(1)} %</title>` +
    `<rect x="${x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${rowHeight - 1}" ` +
    `fill="hsl(${hue} 80% 72%)"/><text x="${(x + 2).toFixed(1)}" y="${y + 12}">${shown}</text></g>`
  );
}
