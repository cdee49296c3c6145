import type { FactType } from '../facts.js';

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

interface FactKind {
  readonly kind: number;
  /** The version that is written. Older ones are read and upcast. */
  readonly version: number;
}

/** Stored numbers: never renumber, only append. Kinds are below 128. */
export const factKinds: Readonly<Record<FactType, FactKind>> = {
  SaleOpened: { kind: 1, version: 1 },
  SaleClosed: { kind: 2, version: 1 },
  SeatsHeld: { kind: 3, version: 1 },
  HoldExtended: { kind: 4, version: 1 },
  HoldReleased: { kind: 5, version: 1 },
  HoldExpired: { kind: 6, version: 1 },
  PaymentBegun: { kind: 7, version: 1 },
  PaymentFailed: { kind: 8, version: 1 },
  SeatsBooked: { kind: 9, version: 1 },
  BookingCancelled: { kind: 10, version: 1 },
  SeatsBlocked: { kind: 11, version: 2 },
  SeatsUnblocked: { kind: 12, version: 1 },
  CommandRefused: { kind: 13, version: 1 },
};

/** By kind number. */
export const typeOfKind: readonly (FactType | undefined)[] = Object.entries(factKinds).reduce<
  (FactType | undefined)[]
>((types, [type, { kind }]) => {
  types[kind] = type as FactType;
  return types;
}, []);
