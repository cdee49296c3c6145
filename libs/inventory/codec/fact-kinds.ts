import type { Fact, FactType } from '../facts.js';

/** A kind of fact, or a version of one, that this program does not know. Never a guess (G9). */
export class UnknownFactKind extends Error {
  override readonly name = 'UnknownFactKind';

  constructor(
    readonly kind: number,
    readonly version: number,
  ) {
    super(`${nameOf(kind)} version ${version} is unknown here: ${newerProgram}`);
  }
}

const newerProgram = 'a newer Holdfast wrote it, and only that version can read it';

const nameOf = (kind: number): string =>
  typeOfKind[kind] === undefined ? `fact kind ${kind}` : `${typeOfKind[kind]} (kind ${kind})`;

/**
 * Levels of the format, from 1: what a journal may have in it. A level is a version of each kind;
 * a program reads every level up to its newest and can write each of them, so that it can serve
 * beside programs that know less (docs/decisions/0012-readers-first-then-writers.md).
 *
 * 1: as Holdfast wrote at first. 2: facts say who caused them. 3: holds say what each place costs
 * and how many wheelchair spaces are needed, and rules change. 4: places are booked after their
 * hold, cancelled places stay off sale, and events are cancelled. 5: facts as before, and snapshots
 * in columns.
 */
export const factLevelOldest = 1;
export const factLevelNewest = 5;

/** Versions of this level and later ones say who caused the fact. */
export const levelWithBy = 2;

/** From it on prices and rules of a running event change. */
export const levelWithRules = 3;

/** From it on a late payment may book, and events and parts of bookings are cancelled. */
export const levelWithLate = 4;

/** From it on snapshots are in columns: see snapshot-format.ts. */
export const levelWithColumns = 5;

interface FactKind {
  readonly kind: number;
  /** By level - 1: the version that is written; 0 where the kind cannot be written yet. */
  readonly versions: readonly number[];
  /** The newest one. Older ones are read and upcast. */
  readonly version: number;
  /** Of the first version that says who caused the fact. */
  readonly versionWithBy: number;
}

/** Stored numbers: never renumber, only append. Kinds are below 128. */
export const factKinds: Readonly<Record<FactType, FactKind>> = {
  SaleOpened: factKind(1, [1, 2, 2, 2, 2]),
  SaleClosed: factKind(2, [1, 2, 2, 2, 2]),
  SeatsHeld: factKind(3, [1, 2, 3, 3, 3]),
  HoldExtended: factKind(4, [1, 2, 2, 2, 2]),
  HoldReleased: factKind(5, [1, 2, 2, 2, 2]),
  HoldExpired: factKind(6, [1, 2, 2, 2, 2]),
  PaymentBegun: factKind(7, [1, 2, 2, 2, 2]),
  PaymentFailed: factKind(8, [1, 2, 2, 2, 2]),
  SeatsBooked: factKind(9, [1, 2, 2, 2, 2]),
  BookingCancelled: factKind(10, [1, 2, 2, 3, 3]),
  SeatsBlocked: factKind(11, [2, 3, 3, 3, 3]),
  SeatsUnblocked: factKind(12, [1, 2, 2, 2, 2]),
  CommandRefused: factKind(13, [1, 2, 3, 3, 3]),
  RulesChanged: factKind(14, [0, 0, 1, 1, 1]),
  SeatsBookedLate: factKind(15, [0, 0, 0, 1, 1]),
  EventCancelled: factKind(16, [0, 0, 0, 1, 1]),
};

function factKind(kind: number, versions: readonly number[]): FactKind {
  const versionWithBy = versions.slice(levelWithBy - 1).find((version) => version > 0) ?? 0;
  return { kind, versions, version: versions[factLevelNewest - 1], versionWithBy };
}

/** SeatsHeld of level 3 that says how many need a wheelchair space: 3 and that. Few holds do. */
export const heldForNeed = 4;

/** 0 where the level does not know the kind. */
export function versionAt(fact: Fact, level: number): number {
  const version = factKinds[fact.type].versions[level - 1];
  if (fact.type !== 'SeatsHeld' || fact.wheelchairs === undefined) return version;
  return level < levelWithRules ? version : heldForNeed;
}

/** The lowest level at which that version of a kind is written. */
export function levelOf(type: FactType, version: number): number {
  if (type === 'SeatsHeld' && version === heldForNeed) return levelWithRules;
  return factKinds[type].versions.indexOf(version) + 1;
}

export const factTypes: readonly FactType[] = Object.keys(factKinds) as FactType[];

/** By kind number. */
export const typeOfKind: readonly (FactType | undefined)[] = Object.entries(factKinds).reduce<
  (FactType | undefined)[]
>((types, [type, { kind }]) => {
  types[kind] = type as FactType;
  return types;
}, []);
