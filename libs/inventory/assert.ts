/** A broken invariant is a bug, never a refusal: the actor drops its state and rebuilds it. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Kept on in production. Messages are constants, so that a check that holds costs a branch. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}
