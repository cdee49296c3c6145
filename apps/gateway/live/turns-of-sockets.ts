import { limits } from '#libs/contracts/limits.js';

/**
 * The library tells of no change in what waits in a socket, so that all are looked at in turn, a
 * few at a time: a full gateway has seen each of them within ten seconds.
 */
export class TurnsOfSockets<Socket> {
  private turn: Iterator<Socket>;

  constructor(private readonly sockets: Iterable<Socket>) {
    this.turn = sockets[Symbol.iterator]();
  }

  /** Each of the next few; it may leave meanwhile. */
  look(at: (socket: Socket) => void): void {
    for (let i = 0; i < limits.socketsLookedAtMax; i++) {
      const next = this.turn.next();
      if (next.done === true) {
        this.turn = this.sockets[Symbol.iterator]();
        return;
      }
      at(next.value);
    }
  }
}
