/** Who follows which topic, and the way to all of them. `ws` has none. */
export interface Follower {
  sendFrame(frame: Uint8Array): number;
}

export class Topics {
  private readonly followers = new Map<string, Set<Follower>>();

  join(topic: string, follower: Follower): void {
    const known = this.followers.get(topic);
    if (known === undefined) this.followers.set(topic, new Set([follower]));
    else known.add(follower);
  }

  leave(topic: string, follower: Follower): void {
    const known = this.followers.get(topic);
    known?.delete(follower);
    if (known?.size === 0) this.followers.delete(topic);
  }

  has(topic: string): boolean {
    return this.followers.has(topic);
  }

  /** One frame for all: it is written as it is, and never copied. */
  publish(topic: string, frame: Uint8Array): void {
    for (const follower of this.followers.get(topic) ?? []) follower.sendFrame(frame);
  }
}
