import type { SeatWord, WatcherEvidence } from './evidence.js';
import type { Model } from './model.js';
import type { Findings } from './verdict.js';

/** The fold as it was at every version: its hash, and the whole map at the last one. */
export interface FoldedVersions {
  /** Index is the version; 0 is the empty event. */
  readonly hashes: readonly number[];
  readonly wordsAt: (version: number) => ReadonlyMap<string, SeatWord>;
}

/** G6: no gap, no step back, and at every version exactly the journal's map. */
export function checkWatcher(
  watcher: WatcherEvidence,
  folded: FoldedVersions,
  findings: Findings,
): void {
  findings.touch('watcher_without_gap', 'watcher_equals_journal');
  let version: number | null = null;
  for (const frame of watcher.frames) {
    const before = version;
    const follows =
      frame.kind === 'snapshot' ? before === null || frame.to >= before : frame.from === before;
    findings.expect(
      'watcher_without_gap',
      follows && frame.to >= frame.from,
      () => `${watcher.name}: ${frame.kind} ${frame.from}..${frame.to} after version ${before}`,
    );
    findings.expect('watcher_equals_journal', folded.hashes[frame.to] === frame.mapHash, () =>
      frame.to >= folded.hashes.length
        ? `${watcher.name}: version ${frame.to} is not in the journal`
        : `${watcher.name}: another map at version ${frame.to}`,
    );
    version = frame.to;
  }
  if (version !== null) checkFinalMap(watcher, version, folded, findings);
}

/** Facts that change no seat need no frame, so the last versions may differ; the maps may not. */
export function checkEnds(
  watchers: readonly WatcherEvidence[],
  model: Model,
  findings: Findings,
): void {
  findings.touch('watcher_saw_the_end');
  for (const watcher of watchers) {
    const version = watcher.frames.at(-1)?.to;
    findings.expect(
      'watcher_saw_the_end',
      watcher.frames.at(-1)?.mapHash === model.mapHash,
      () => `${watcher.name}: stopped at version ${version} of ${model.version}`,
    );
  }
}

function checkFinalMap(
  watcher: WatcherEvidence,
  version: number,
  folded: FoldedVersions,
  findings: Findings,
): void {
  const expected = folded.wordsAt(version);
  const seats = new Set([...expected.keys(), ...watcher.finalMap.keys()]);
  const wrong = [...seats].filter(
    (seat) => (expected.get(seat) ?? 'free') !== (watcher.finalMap.get(seat) ?? 'free'),
  );
  findings.expect(
    'watcher_equals_journal',
    wrong.length === 0,
    () =>
      `${watcher.name}: at version ${version} ${wrong.length} seats differ, first ${wrong[0]}: ` +
      `saw ${watcher.finalMap.get(wrong[0]) ?? 'free'}, is ${expected.get(wrong[0]) ?? 'free'}`,
  );
}
