import type { ErrorCode } from '#libs/contracts/errors.js';
import type { HoldFrame, LiveError, MapFrame, PongFrame } from '#libs/contracts/live-frames.js';
import { BackOff, type Pace } from './back-off.js';
import type { LiveMap } from './live-map.js';
import { readFrame } from './read-frame.js';
import type { ServerClock } from './server-clock.js';

/**
 * Keeps one event's LiveMap up to date over lines that break: opens one, resumes from the version
 * the map has, mends gaps, and comes back at the right time. The rules of docs/live-map.md.
 *
 * CM3  There is one line at a time; what an older one still says is not heard.
 * CM4  A gap is mended by one `resume`, and by a new line when that does not help: then without a
 *      version, so that the answer is a whole map.
 * CM5  It comes back when it was told to and never earlier; by its own back-off when it was not
 *      told. It stays away for good only when nothing would be different another time.
 * CM6  A token that comes from a function is asked for anew for each line, also after one was lost:
 *      who gives it knows when it has run out, and a browser is not told why an opening was
 *      refused. So an expired token costs a new line and nothing of the map.
 * CM7  It says `live` only while the map is how it is now: not while a gap is open, a sign of life
 *      is overdue, the gateway is known to be further, or the machine slept and nobody has answered
 *      since. The map shows no seat meanwhile (CM8).
 */
export interface LivePorts {
  readonly open: OpenLine;
  /** Runs `callback` once after `delayMs`; returns the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The wall clock, milliseconds since 1970: it goes on while the machine sleeps. */
  readonly nowMs: () => number;
}

/** Opens a WebSocket or an event stream to some gateway; any one will do, each time. */
export type OpenLine = (opening: Opening, ears: LineEars) => Line;

export interface Opening {
  /** Path and query of the live map, from the root of the gateway. */
  readonly path: string;
  /** Of who wants to hear of the own reservations; a WebSocket sends it as a subprotocol. */
  readonly token: string | null;
}

export interface Line {
  /** Absent: the line goes one way (an event stream). Not open yet: nothing is sent. */
  readonly send?: (text: string) => void;
  /** Ends it at once. */
  readonly end: () => void;
}

export interface LineEars {
  readonly frame: (text: string) => void;
  /** The gateway refused to open a line, with this error; `closed` follows. */
  readonly refused: (error: LiveError) => void;
  /** It is over, or never was; `why` is for people. */
  readonly closed: (why: string) => void;
}

export interface LiveListener {
  /** After each; `fits` false: it did not continue the map, which is as it was. */
  readonly onMap?: (frame: MapFrame, fits: boolean) => void;
  readonly onHold?: (frame: HoldFrame) => void;
  /** Hold frames may be missing: ask for the reservations that matter. */
  readonly onHoldsUnknown?: () => void;
  readonly onState?: (state: LiveState) => void;
}

/**
 * behind: there is a line, and the map may be old. offline: a line was lost and another will be
 * tried. ended: closed here, or for good (`problem`).
 */
export type LiveState = 'connecting' | 'live' | 'behind' | 'offline' | 'ended';

/**
 * The token for the next line; null: none, for an anonymous one. `refused`: the last one was told
 * to be expired or wrong. One that throws is asked again later, as a line that is lost.
 */
export type TokenSource = (refused: boolean) => string | null | Promise<string | null>;

export interface LiveOptions {
  /** Of the viewer. With a text, its end is the end of the connection. */
  readonly token?: string | TokenSource;
  /** Of a waiting room that stands before the map, of the same viewer; null: he has none. */
  readonly admission?: () => string | null;
  readonly pace?: Pace;
  /** A line is asked for a sign of life so often, */
  readonly pulseMs?: number;
  /** and given up when so many were not answered. */
  readonly pulsesMax?: number;
  /** Who was woken waits so long for an answer before the line is given up. */
  readonly probeMs?: number;
  /** Learns from the answers to pings. */
  readonly clock?: Pick<ServerClock, 'learn'>;
}

/** Four of them are less than what the server allows a silent socket. */
const pulseMsDefault = 5_000;
const pulsesMaxDefault = 3;
const probeMsDefault = 1_500;
/** A timer that comes after so many times its delay was asleep. */
const lateTimes = 2;
const paceDefault: Pace = { firstMs: 250, mostMs: 15_000 };

/** Another try would be answered the same. */
const finalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'event_not_found',
  'unauthorized',
  'token_expired',
  'invalid_request',
  'unknown_message',
  'map_needs_admission',
  'admission_expired',
  'admission_invalid',
]);

/** Another token may be answered otherwise. */
const tokenCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unauthorized', 'token_expired']);

/** One line, from its opening to its end. */
interface Session {
  line: Line | null;
  /** Pulses since anything was heard. */
  silent: number;
  heardAtMs: number;
  /** When the pings were sent that were not answered yet, oldest first. */
  readonly pings: number[];
  /** Pulses since a gap was seen; null: there is none. */
  gap: number | null;
  /** Frames that were heard. */
  spoken: number;
  waitMs: number | null;
  /** Why it will end. */
  told: boolean;
  final: boolean;
}

export class LiveConnection {
  state: LiveState = 'ended';
  /** Lines that were lost. */
  reconnects = 0;
  /** Why the last line was lost or refused; empty when none was. */
  problem = '';
  readonly #backOff: BackOff;
  readonly #pulseMs: number;
  readonly #pulsesMax: number;
  readonly #probeMs: number;
  #session: Session | null = null;
  #cancel: () => void = () => undefined;
  /** The version of the map is of no use to a gateway (CM4). */
  #startAnew = false;
  /** The last token was (CM6). */
  #refused = false;
  #toldToWait = false;

  constructor(
    private readonly eventId: string,
    readonly map: LiveMap,
    private readonly ports: LivePorts,
    private readonly listener: LiveListener = {},
    private readonly options: LiveOptions = {},
  ) {
    this.#backOff = new BackOff(options.pace ?? paceDefault, ports.random);
    this.#pulseMs = options.pulseMs ?? pulseMsDefault;
    this.#pulsesMax = options.pulsesMax ?? pulsesMaxDefault;
    this.#probeMs = options.probeMs ?? probeMsDefault;
  }

  /** Begins; also again after an end, with the map as it is. */
  open(): void {
    if (this.state === 'ended') this.#connect();
  }

  close(): void {
    this.#stop('ended');
  }

  /**
   * Something happened that may have cut the line: the page was asleep or hidden, the network came
   * or went. It is looked after at once, not at the next pulse; a time that was told is waited for
   * all the same (CM5).
   */
  wake(): void {
    const session = this.#session;
    if (session !== null && this.state !== 'connecting') this.#probe(session);
    else if (this.state === 'offline' && !this.#toldToWait) {
      this.#cancel();
      this.#connect();
    }
  }

  #connect(): void {
    const session: Session = {
      line: null,
      silent: 0,
      heardAtMs: this.ports.nowMs(),
      pings: [],
      gap: null,
      spoken: 0,
      waitMs: null,
      told: false,
      final: false,
    };
    this.#session = session;
    this.#tell('connecting');
    if (this.#session !== session) return;
    this.#pulse(session);
    const { token = null } = this.options;
    if (typeof token === 'function') void this.#fetchToken(session, token);
    else this.#openLine(session, token);
  }

  async #fetchToken(session: Session, source: TokenSource): Promise<void> {
    let token: string | null;
    try {
      token = await source(this.#refused);
    } catch {
      if (this.#session === session) this.#lost(session, 'no token could be had');
      return;
    }
    if (this.#session === session) this.#openLine(session, token);
  }

  #openLine(session: Session, token: string | null): void {
    const line = this.ports.open({ path: this.#path(), token }, this.#earsOf(session));
    if (this.#session === session) session.line = line;
    else line.end();
  }

  #path(): string {
    const { version } = this.map;
    const path = `/v1/events/${encodeURIComponent(this.eventId)}/live`;
    const admission = this.options.admission?.() ?? null;
    const query = String(
      new URLSearchParams({
        ...(version === null || this.#startAnew ? {} : { version: String(version) }),
        ...(admission === null ? {} : { admission }),
      }),
    );
    return query === '' ? path : `${path}?${query}`;
  }

  /** CM3 */
  #earsOf(session: Session): LineEars {
    const whileCurrent =
      <T>(hear: (said: T) => void) =>
      (said: T): void => {
        if (this.#session === session) hear(said);
      };
    return {
      frame: whileCurrent((text) => this.#hear(session, text)),
      refused: whileCurrent((error) => this.#told(session, error, true)),
      closed: whileCurrent((why) => this.#lost(session, why)),
    };
  }

  #hear(session: Session, text: string): void {
    session.silent = 0;
    session.heardAtMs = this.ports.nowMs();
    session.spoken += 1;
    const frame = readFrame(text);
    switch (frame?.type) {
      case 'snapshot':
      case 'diff':
        return this.#take(session, frame);
      case 'hold':
        return this.listener.onHold?.(frame);
      case 'error':
        return this.#told(session, frame.error, false);
      case 'pong':
        return this.#answered(session, frame);
      case undefined:
    }
  }

  #take(session: Session, frame: MapFrame): void {
    const isFirst = this.map.version === null;
    const fits = this.map.apply(frame);
    this.listener.onMap?.(frame, fits);
    if (this.#session !== session) return;
    if (!fits) return this.#mend(session);
    session.gap = null;
    this.#startAnew = false;
    this.#backOff.reset();
    this.#refused = false;
    this.#tell('live');
    const unknown = frame.type === 'snapshot' ? !isFirst : frame.holds_unknown === true;
    if (unknown) this.listener.onHoldsUnknown?.();
  }

  /** It lives; the map is how it is now when the gateway is no further (CM7). */
  #answered(session: Session, { version, now_ms: serverMs }: PongFrame): void {
    const sentAtMs = session.pings.shift();
    if (sentAtMs !== undefined && serverMs !== undefined) {
      const heardAtMs = session.heardAtMs;
      this.options.clock?.learn({ sentAtMs, heardAtMs, serverMs, coarseMs: 1 });
    }
    if (this.map.version === null) return;
    if (version > this.map.version) this.#mend(session);
    else if (this.state === 'behind' && session.gap === null) this.#tell('live');
  }

  /** CM4. What comes before the answer does not fit either, and is no new gap. */
  #mend(session: Session): void {
    if (session.gap !== null) return;
    session.gap = 0;
    if (this.state === 'live') this.#tell('behind');
    if (this.#session !== session) return;
    const { version } = this.map;
    const send = session.line?.send;
    if (version === null || send === undefined) this.#lost(session, 'a diff did not fit');
    else send(JSON.stringify({ type: 'resume', version }));
  }

  /**
   * CM5. In an error frame the time was drawn for this client alone; a refused opening tells
   * everybody the same, so that its time is spread here.
   */
  #told(session: Session, { code, retry_after_ms: ms }: LiveError, spread: boolean): void {
    this.problem = code;
    session.told = true;
    this.#refused = tokenCodes.has(code);
    const renewable = this.#refused && typeof this.options.token === 'function';
    session.final = finalCodes.has(code) && !renewable;
    if (ms !== undefined) session.waitMs = spread ? this.#backOff.spread(ms) : ms;
  }

  #lost(session: Session, why: string): void {
    if (!session.told) this.problem = why;
    if (session.gap !== null) this.#startAnew = true;
    this.reconnects += 1;
    this.#toldToWait = session.waitMs !== null;
    this.#stop(session.final ? 'ended' : 'offline');
    if (this.state !== 'offline') return;
    const waitMs = session.waitMs ?? this.#backOff.next();
    this.#cancel = this.ports.after(waitMs, () => this.#connect());
  }

  #stop(state: 'offline' | 'ended'): void {
    this.#cancel();
    const line = this.#session?.line;
    this.#session = null;
    line?.end();
    this.#tell(state);
  }

  /** A line without a sign of life is lost, and so is one that does not mend a gap. */
  #pulse(session: Session): void {
    const { after, nowMs } = this.ports;
    const armedAtMs = nowMs();
    this.#cancel = after(this.#pulseMs, () => {
      const slept = nowMs() - armedAtMs > lateTimes * this.#pulseMs;
      if (slept && session.spoken > 0) return this.#probe(session);
      const canAsk = session.line?.send !== undefined;
      // Whoever cannot be asked may be silent, once it has spoken.
      if (canAsk || session.spoken === 0) session.silent += 1;
      if (session.gap !== null) session.gap += 1;
      if (session.silent > this.#pulsesMax) return this.#lost(session, 'nothing was heard');
      if ((session.gap ?? 0) > this.#pulsesMax) return this.#lost(session, 'a gap stayed open');
      // The first silent pulse follows a ping; the second one is without its answer.
      if (session.silent > 1 && this.state === 'live') this.#tell('behind');
      this.#ask(session);
      if (this.#session === session) this.#pulse(session);
    });
  }

  /** CM7. A line that cannot be asked is taken anew, unless it spoke a moment ago. */
  #probe(session: Session): void {
    const { after, nowMs } = this.ports;
    const askedAtMs = nowMs();
    const canAsk = session.line?.send !== undefined;
    if (!canAsk && askedAtMs - session.heardAtMs > this.#pulseMs) {
      return this.#lost(session, 'nothing was heard for a while');
    }
    this.#cancel();
    if (!canAsk) return this.#pulse(session);
    if (this.state === 'live') this.#tell('behind');
    if (this.#session !== session) return;
    const spoken = session.spoken;
    this.#ask(session);
    this.#cancel = after(this.#probeMs, () => {
      if (session.spoken === spoken) this.#lost(session, 'nobody answered after a sleep');
      else this.#pulse(session);
    });
  }

  #ask(session: Session): void {
    const send = session.line?.send;
    if (send === undefined) return;
    if (session.pings.length <= this.#pulsesMax) session.pings.push(this.ports.nowMs());
    send('{"type":"ping"}');
  }

  #tell(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    this.map.fresh = state === 'live';
    this.listener.onState?.(state);
  }
}
