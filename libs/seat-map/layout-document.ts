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
  /** General admission. `drawing` is an index into drawings; null: the plan draws none. */
  readonly areas?: readonly {
    readonly name: string;
    readonly capacity: number;
    /** Index into categories. */
    readonly category: number;
    readonly drawing: number | null;
  }[];
  /** All that is drawn and is no seat: stage, standing floors, bars. */
  readonly drawings?: readonly PlanDrawing[];
}

/** A shape in plan units; which it is, is said by the measures that it has. */
export interface PlanDrawing {
  readonly shape: string;
  /** Upper left corner of a rectangle, centre of an ellipse, origin of a polygon or a text. */
  readonly x: number;
  readonly y: number;
  /** Degrees, clockwise around x and y. */
  readonly rotation: number;
  readonly text: string;
  /** The middle of the text, relative to x and y. */
  readonly text_x: number;
  readonly text_y: number;
  readonly text_size: number | null;
  readonly color: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly radius_x?: number;
  readonly radius_y?: number;
  /** Relative to x and y. */
  readonly points?: readonly { readonly x: number; readonly y: number }[];
}
