import type { UserId } from '#libs/inventory/ids.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { HttpAnswer } from './room-gateway.js';
import type { RoomSite } from './room-site.js';

/**
 * - `eager`: comes when called
 * - `double`: the same, and everything twice at once, at two gateways
 * - `silent`: takes a place and never asks again
 * - `sleeper`: misses his first turn
 * - `thief`: shows admissions of others, and holds before his turn
 */
export type PersonKind = 'eager' | 'double' | 'silent' | 'sleeper' | 'thief';

export interface Heard {
  readonly atMs: number;
  readonly state: string;
  readonly index: number;
  readonly position: number | null;
  readonly nonce: string;
  /** Of a call, by the gateway's clock. */
  readonly claimUntilMs: number | null;
}

const askMs = 1_500;
const retryMs = 400;
/** Longer than anybody waits for an answer. */
const holdMs = 8_000;

/** Somebody who waits, as the page of the room has him do it. */
export class RoomPerson {
  readonly heard: Heard[] = [];
  /** Sizes and roots of heads that he saw, to be compared after the draw. */
  readonly heads: Record<string, unknown>[] = [];
  readonly party: number;
  readonly nonce: string;
  /** null: still at it. `served`: he had his turn; `told`: that it is over. */
  outcome: 'served' | 'told' | 'away' | null = null;
  private readonly random: SeededRandom;
  private missed = false;
  private again = false;

  constructor(
    readonly userId: UserId,
    readonly kind: PersonKind,
    private readonly world: RoomSite,
  ) {
    this.random = world.random.fork(userId);
    this.party = 1 + this.random.below(world.plan.partyMax);
    this.nonce = this.random.token(20);
  }

  async live(): Promise<void> {
    const { world, random } = this;
    await world.sleep(random.between(0, world.plan.comeMs));
    if (this.kind === 'thief') await this.tryTo('');
    while (this.outcome === null) {
      await world.sleep(retryMs * random.between(0.5, 1.5));
      const answer = await this.ask();
      if (answer?.kind === 'refused' && answer.code === 'room_closed') this.outcome = 'told';
      if (answer?.kind !== 'ok') continue;
      if (this.kind === 'silent') this.outcome = 'away';
      else await this.goOn(answer.body);
    }
    world.trace.note(this.userId, `goes: ${this.outcome}`);
  }

  /** For his place or his turn, with a POST. */
  private async ask(): Promise<HttpAnswer> {
    const { world, nonce, party } = this;
    const once = (): Promise<HttpAnswer> =>
      world.gateway(this.random).queue('joinQueue', this.userId, { body: { nonce, party } });
    const askedAtMs = world.clock.nowMs();
    const answers = await Promise.all(this.kind === 'double' ? [once(), once()] : [once()]);
    for (const answer of answers) if (answer?.kind === 'ok') this.hear(answer.body, askedAtMs);
    return answers.find((answer) => answer?.kind === 'ok') ?? answers[0];
  }

  private hear(body: Readonly<Record<string, unknown>>, atMs: number): void {
    const {
      state,
      index,
      position,
      nonce,
      claim_until: until,
    } = body as unknown as Heard & {
      readonly claim_until: string | null;
    };
    const claimUntilMs = until === null ? null : Date.parse(until);
    this.heard.push({ atMs, state, index, position, nonce, claimUntilMs });
    this.world.trace.note(this.userId, `hears ${state} ${index} ${position}`);
  }

  private async goOn(body: Readonly<Record<string, unknown>>): Promise<void> {
    const { world, random } = this;
    if (body.state === 'admitted') return this.use(body.admission as Admission);
    if (body.state === 'called' && this.kind === 'sleeper' && !this.missed) {
      this.missed = true;
      // One in two comes at the very end of his time.
      const late = random.chance(0.5) ? random.between(0.9, 1) : random.between(0.8, 1.6);
      await world.sleep(world.plan.claimMs * late);
    }
    if (body.state === 'waiting') await this.wait(body.position as number | null);
  }

  /** Looks at what everybody is told until it is his turn, or there is nothing to wait for. */
  private async wait(position: number | null): Promise<void> {
    const { world, random } = this;
    for (let looks = 0; looks < 20; looks += 1) {
      await world.sleep(askMs * random.between(0.7, 1.3));
      const answer = await world.gateway(random).queue('showQueueServing', this.userId);
      if (answer?.kind !== 'ok') continue;
      const { serving, sold_out: soldOut, head, phase } = answer.body;
      if (head !== null) this.see(head as Record<string, unknown>);
      if (soldOut === true || phase === 'closed') this.outcome = 'told';
      const mine = position === null ? phase === 'serving' : (serving as number) > position;
      if (mine || this.outcome !== null) return;
      if (this.kind === 'thief' && world.shownAdmission !== '') {
        await this.tryTo(world.shownAdmission);
      }
    }
  }

  private see(head: Record<string, unknown>): void {
    if (this.heads.at(-1)?.size !== head.size) this.heads.push(head);
  }

  /** Holds what he can get while he may, buys or lets go, and leaves. */
  private async use({ token, until }: Admission): Promise<void> {
    const { world, random } = this;
    world.shownAdmission = token;
    while (world.clock.nowMs() < Date.parse(until)) {
      const answer = await this.hold(token);
      if (answer?.kind === 'ok') {
        await world.sleep(random.between(300, 3_000));
        world.hall.end(this.userId, this.party, random.chance(0.8));
        this.outcome = 'served';
        if (random.chance(0.5)) await world.gateway(random).queue('leaveQueue', this.userId);
        return;
      }
      if (answer?.kind === 'refused' && answer.code === 'admission_expired') return;
      await world.sleep(retryMs);
    }
    // He had his turn, and did not get what he came for: one in three comes again, once.
    if (this.again || random.chance(0.7)) this.outcome = 'served';
    this.again = true;
  }

  /** Without having been let in; what he gets all the same, he lets go. */
  private async tryTo(admission: string): Promise<void> {
    const answer = await this.hold(admission);
    if (answer?.kind === 'ok') this.world.hall.end(this.userId, this.party, false);
  }

  private async hold(admission: string): Promise<HttpAnswer> {
    const { world, userId, party } = this;
    const gateway = world.gateway(this.random);
    let heard = false;
    const answer = await gateway.hold(userId, party, admission, () => {
      world.witness.passed(userId);
      if (!world.hall.hold(userId, party)) return { kind: 'refused', code: 'seats_unavailable' };
      // Of whoever never hears of it, it runs out by itself.
      world.clock.after(holdMs, () => {
        if (!heard) world.hall.end(userId, party, false);
      });
      return { kind: 'ok', body: {} };
    });
    heard = answer?.kind === 'ok';
    return answer;
  }
}

interface Admission {
  readonly token: string;
  readonly until: string;
}
