import { readFileSync } from 'node:fs';
import type { NamedProcess } from '#bench/cpu-use.js';

const sampleMs = 250;
const mib = 1024 * 1024;

/** The largest resident size of each process while it looks, in MiB. Empty without /proc. */
export class MemoryWatch {
  readonly peakMib = new Map<string, number>();
  readonly firstMib = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly processes: readonly NamedProcess[]) {
    this.look();
    this.timer = setInterval(() => this.look(), sampleMs);
  }

  stop(): void {
    this.look();
    clearInterval(this.timer);
  }

  private look(): void {
    for (const { name, pid } of this.processes) {
      const now = residentMib(pid);
      if (now === null) continue;
      if (!this.firstMib.has(name)) this.firstMib.set(name, now);
      this.peakMib.set(name, Math.max(this.peakMib.get(name) ?? 0, now));
    }
  }
}

/** Null: it is gone, or there is no /proc. */
export function residentMib(pid: number): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : (Number(kib) * 1024) / mib;
  } catch {
    return null;
  }
}
