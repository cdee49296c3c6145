/**
 * What the map needs of a layout document (`GET /v1/layouts/{hash}`): a column per property, seat i
 * at place i of each. Fields that are not named here may come, and mean nothing to the map.
 */
export interface LayoutDocument {
  readonly name: string;
  readonly focal: {
    readonly x: number;
    readonly y: number;
    readonly name?: string;
  };
  readonly categories: readonly {
    readonly name: string;
    readonly color: string | null;
  }[];
  readonly sections: readonly string[];
  readonly rows: {
    readonly label: readonly string[];
    /** Patterns with `%s`; empty: none. */
    readonly row_label?: readonly string[];
    readonly seat_label?: readonly string[];
    /** Index into sections. */
    readonly section: readonly number[];
    /** Seat index of the first seat; the row ends where the next begins. */
    readonly start: readonly number[];
  };
  readonly seats: {
    readonly id: readonly string[];
    readonly number: readonly string[];
    readonly x: readonly number[];
    readonly y: readonly number[];
    /** Index into categories. */
    readonly category: readonly number[];
    /** 1 when the next seat is a neighbour. */
    readonly next: readonly number[];
    /** Seat indexes, each. */
    readonly wheelchair: readonly number[];
    readonly companion: readonly number[];
    readonly restricted_view: readonly number[];
    readonly hearing_loop?: readonly number[];
    readonly sign_language?: readonly number[];
    readonly plus_size?: readonly number[];
  };
}
