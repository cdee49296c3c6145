/**
 * One guard taken out. A mutation is a textual change of one file, small enough to be read, and
 * the specs of which at least one must then fail.
 */
export interface Mutation {
  /** Unique; names it on the command line. */
  readonly name: string;
  /** G1 to G9 of docs/architecture.md; `access`: who may do what. */
  readonly guarantee: `G${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | 'access';
  /** What is gone, as a noun: "the predecessor's epoch check". */
  readonly guard: string;
  readonly file: string;
  readonly edits: readonly Edit[];
  readonly specs: readonly string[];
  /** Only tests whose name matches, where a spec is slow. */
  readonly tests?: string;
}

/** `find` is in the file exactly once. */
export interface Edit {
  readonly find: string;
  readonly put: string;
}

/** The mutated text. Throws when the source has moved on and the mutation has not. */
export function mutate(text: string, { name, file, edits }: Mutation): string {
  return edits.reduce((before, { find, put }) => {
    const places = before.split(find).length - 1;
    if (places !== 1) throw new Error(`${name}: ${places} places in ${file} for: ${find}`);
    return before.replace(find, () => put);
  }, text);
}

/** A mutation of one place. */
export const edit = (find: string, put: string): readonly Edit[] => [{ find, put }];
