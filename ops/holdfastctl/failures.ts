/** A message for the person at the terminal: printed as it is, exit code 1. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed';
  readonly exitCode: number = 1;
  /** More than the first line has room for; with --json, part of the answer. */
  readonly details: readonly unknown[];

  constructor(message: string, details: readonly unknown[] = []) {
    super(message);
    this.details = details;
  }
}

/** The system said no, or what was asked for is not as it was expected to be. Exit code 3. */
export class CommandRefused extends CommandFailed {
  override readonly name = 'CommandRefused';
  override readonly exitCode = 3;
}

/** Nobody answers. Exit code 4. */
export class NotReachable extends CommandFailed {
  override readonly name = 'NotReachable';
  override readonly exitCode = 4;
}

/** Ended by Ctrl-C before it was done; the message says what goes on. Exit code 130. */
export class CommandInterrupted extends CommandFailed {
  override readonly name = 'CommandInterrupted';
  override readonly exitCode = 130;
}
