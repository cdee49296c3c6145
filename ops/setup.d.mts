export interface SetupOptions {
  /** Default: the folder of this project. */
  readonly root?: string;
  /** Gets one line at a time. Default: standard error. */
  readonly say?: (line: string) => void;
  readonly rebuild?: boolean;
}

export const root: string;
export function setup(options?: SetupOptions): Promise<void>;
export function setupOrExit(options?: SetupOptions): Promise<void>;
export function built(file: string): Promise<Record<string, unknown>>;
