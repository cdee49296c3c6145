export interface ImportToJudge {
  /** Relative to the project, with slashes. */
  readonly from: string;
  /** As it is written: `./a.js`, `#libs/bus/bus.js`, `pg`. */
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface Layer {
  readonly may: readonly string[];
  readonly onlyTypes?: readonly string[];
}

export const layers: Readonly<Record<string, Layer>>;
export function refusalOf(wanted: ImportToJudge): string | null;
export function fileOf(from: string, specifier: string): string | null;
export function isSupport(file: string): boolean;
export function isShipped(file: string): boolean;
