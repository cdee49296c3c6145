export interface HeldLock {
  release(): void;
  /** The lock was left behind by a process that is dead. */
  readonly recovered: boolean;
  readonly holder?: undefined;
}

export interface BusyLock {
  readonly holder: number;
}

export function acquireLock(file: string): HeldLock | BusyLock;
export function lockHolder(file: string): number | null;
export function removeLockOf(file: string, pid: number): void;
