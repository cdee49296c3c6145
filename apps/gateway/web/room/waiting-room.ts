import type { RoomFrame } from '#libs/contracts/live-frames.js';
import type { RoomLine } from '#libs/client/room-line.js';
import type { Place, Serving } from '../shop.js';
import type { Drawn } from './check-place.js';
import { isPlaceDue, type Known } from './room-view.js';

/**
 * Follows one waiting room for as long as a page is open: hears how it goes on, asks while it hears
 * nothing, and asks for the own place only when that may be another by now. It shows nothing.
 *
 * WTR1  It asks no more often than the gateway says, each time a random while later, so that those
 *       who came together do not ask together; a page that was woken asks at once, once a pace.
 * WTR2  Without an answer what was known stays, and is asked for again.
 * WTR3  Where there is no room nobody is asked a second time. Who has no place does not listen.
 * WTR4  Everybody works out the own position from what the draw has published: nobody asks for it.
 * WTR5  What is heard is heard by all at once: when everybody has to ask because of it, each does
 *       so a random while later, within a pace. Who is called asks at once, and by no timer: a
 *       tab that has been hidden for long has timers once a minute.
 * WTR6  A room goes on and never back: what a cache or a gateway that is behind says is not heard.
 */
export interface RoomCalls {
  /** null: there is no room. undefined: no answer. */
  readonly serving: () => Promise<Serving | null | undefined>;
  /** null: he has none. undefined: no answer. */
  readonly place: () => Promise<Place | null | undefined>;
  readonly join: (party: number) => Promise<JoinAnswer>;
  /** Goes on for fewer. */
  readonly lower: (party: number) => Promise<JoinAnswer>;
  /** Gives an admission back. */
  readonly leave: () => Promise<JoinAnswer>;
}

/** What is heard of it, as of RoomLine. */
export interface RoomEars {
  readonly onRoom: (frame: RoomFrame) => void;
  readonly onLive: (live: boolean) => void;
}

/** A code: the shop said no. undefined: no answer. */
export type JoinAnswer = Place | { readonly code: string } | undefined;

export interface RoomPorts {
  readonly calls: RoomCalls;
  /** null: it cannot be worked out here. */
  readonly position: (drawn: Drawn, index: number) => Promise<number | null>;
  /** Made once there is a place. */
  readonly lineTo: (ears: RoomEars) => Pick<RoomLine, 'open' | 'close' | 'live'>;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Before the gateway has said how often. */
const askMsDefault = 10_000;
/** Who is called looks for a change elsewhere so often; his own time runs here. */
const askMsLeast = 3_000;
/** A room that opens tomorrow, is closed, or is heard of is looked at now and then. */
const askMsMost = 60_000;

export class WaitingRoom {
  known: Known = { serving: undefined, place: undefined };
  #line: ReturnType<RoomPorts['lineTo']> | null = null;
  #cancel: () => void = () => undefined;
  #dueAtMs = Infinity;
  #askedAtMs = -Infinity;
  #asking = false;
  /** Something was heard meanwhile. */
  #again = false;
  /** What was asked before it says less than the answer to it. */
  #joins = 0;
  #closed = false;

  /** `wantsPlace` false: the room alone matters, as on a page that leads to it. */
  constructor(
    private readonly ports: RoomPorts,
    private readonly onChange: () => void,
    private readonly wantsPlace = true,
  ) {}

  open(): void {
    void this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#line?.close();
  }

  /** WTR1 */
  wake(): void {
    const { serving } = this.known;
    if (serving === null || this.ports.nowMs() - this.#askedAtMs < this.#paceMs()) return;
    void this.#ask();
  }

  /** The shop said something that is not known here, such as that there is a room after all. */
  look(): void {
    void this.#ask();
  }

  /** Takes a place, or the turn that has come. null: it went well; '': nobody answered. */
  join(party: number): Promise<string | null> {
    return this.#take(this.ports.calls.join(party));
  }

  lower(party: number): Promise<string | null> {
    return this.#take(this.ports.calls.lower(party));
  }

  leave(): Promise<string | null> {
    return this.#take(this.ports.calls.leave());
  }

  async #take(asked: Promise<JoinAnswer>): Promise<string | null> {
    const answer = await asked;
    this.#joins += 1;
    if (answer === undefined) return '';
    if ('code' in answer) {
      // Why it cannot be is in what the room says by now.
      await this.#ask();
      return answer.code;
    }
    this.#learn({ place: answer });
    this.#listen();
    this.#schedule();
    return null;
  }

  async #ask(): Promise<void> {
    this.#again = this.#asking;
    if (this.#asking || this.#closed) return;
    this.#asking = true;
    this.#cancel();
    this.#askedAtMs = this.ports.nowMs();
    const { calls } = this.ports;
    const serving = await calls.serving();
    if (serving !== undefined) this.#learn({ serving });
    await this.#workOut();
    if (this.wantsPlace && isPlaceDue(this.known)) {
      const joins = this.#joins;
      const place = await calls.place();
      if (place !== undefined && joins === this.#joins) this.#learn({ place });
    }
    this.#asking = false;
    this.#listen();
    if (this.#again && isPlaceDue(this.known)) return this.#ask();
    this.#schedule();
  }

  /** WTR4 */
  async #workOut(): Promise<void> {
    const { serving, place } = this.known;
    if (serving?.secret == null || serving.head === null || place?.position !== null) return;
    const joins = this.#joins;
    const drawn = { secret: serving.secret, head: serving.head };
    const position = await this.ports.position(drawn, place.index);
    if (position !== null && joins === this.#joins) this.#learn({ place: { ...place, position } });
  }

  #learn(news: Partial<Known>): void {
    if (this.#closed) return;
    const { serving: before, place } = this.known;
    const { serving } = news;
    if (serving != null && before != null) {
      if (isBehind(serving, before)) return;
      // Another room knows nothing of a place in the one before.
      const isAnother = serving.room !== before.room;
      this.known = { place: isAnother ? undefined : place, serving };
    } else this.known = { ...this.known, ...news };
    this.onChange();
  }

  /** WTR3 */
  #listen(): void {
    const { serving, place } = this.known;
    if (this.#closed || this.#line !== null || serving == null || place == null) return;
    this.#line = this.ports.lineTo({
      onRoom: (frame) => this.#hear(frame),
      onLive: () => this.#schedule(),
    });
    this.#line.open();
  }

  /** WTR5 */
  #hear(frame: RoomFrame): void {
    const { serving: before } = this.known;
    if (before?.room !== frame.room) return this.#askWithin(this.#paceMs());
    this.#learn({ serving: { ...before, ...frame } });
    const isNewPhase = before.phase !== this.known.serving?.phase;
    const { place } = this.known;
    // Who knows that he is called asks at his pace, whatever he hears of the others.
    const isDue = isPlaceDue(this.known) && place?.state !== 'called';
    if (isDue && (place?.position ?? Infinity) < frame.serving) void this.#ask();
    else if (isNewPhase || isDue) this.#askWithin(this.#paceMs());
  }

  #askWithin(ms: number): void {
    this.#askAt(this.ports.nowMs() + ms * this.ports.random());
  }

  #schedule(): void {
    if (this.known.serving === null || this.#asking) return;
    this.#dueAtMs = Infinity;
    const isHeard = this.#line?.live === true && !isPlaceDue(this.known);
    const waitMs = isHeard ? askMsMost : this.#paceMs();
    this.#askAt(this.ports.nowMs() + waitMs * (1 + this.ports.random() / 2));
  }

  /** Unless it asks sooner anyway. */
  #askAt(atMs: number): void {
    if (this.#closed || this.#asking || this.#dueAtMs <= atMs) return;
    this.#cancel();
    this.#dueAtMs = atMs;
    this.#cancel = this.ports.after(atMs - this.ports.nowMs(), () => void this.#ask());
  }

  #paceMs(): number {
    const { serving, place } = this.known;
    const paceMs = Math.max(askMsLeast, place?.ask_again_ms ?? askMsDefault);
    if (serving?.phase === 'closed') return askMsMost;
    if (serving?.phase !== 'scheduled') return paceMs;
    const opensInMs = Date.parse(serving.opens_at) - this.ports.nowMs();
    return Math.min(askMsMost, Math.max(paceMs, opensInMs));
  }
}

const phases: readonly Serving['phase'][] = ['scheduled', 'lobby', 'drawing', 'serving', 'closed'];

/** WTR6 */
const isBehind = (said: Serving, known: Serving): boolean =>
  said.room === known.room &&
  (said.serving < known.serving || phases.indexOf(said.phase) < phases.indexOf(known.phase));
