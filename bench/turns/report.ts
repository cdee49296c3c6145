import type { Phase } from './measure.js';

/** A table of one build. */
export function turnLines(build: string, phases: readonly Phase[]): string[] {
  return [
    `${build}, ms`.padEnd(36) +
      'longest turn:  CPU    clock  (idle process)  GC pause   took  CPU of all',
    ...phases.map(({ name, shard, idle, tookMs }) =>
      [
        `  ${name}`.padEnd(46),
        figure(shard.cpuMs, 8),
        figure(shard.wallMs, 9),
        figure(idle.wallMs, 15),
        figure(shard.pauseMs, 12),
        figure(tookMs, 7, 0),
        figure(tookMs === null ? null : shard.allCpuMs, 12, 0),
      ].join(''),
    ),
  ];
}

function figure(ms: number | null, width: number, digits = 1): string {
  return (ms === null ? '-' : ms.toFixed(digits)).padStart(width);
}
