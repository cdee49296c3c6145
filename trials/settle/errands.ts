import type { Seeded } from '../chaos/seeded.js';

/** What one customer does. */
export interface Errand {
  readonly party: number;
  /** One after the other, while they are declined. */
  readonly cards: readonly string[];
  /** When his bank asks him. */
  readonly bank: 'complete' | 'fail' | 'never';
  readonly acceptsAlternative: boolean;
  /** When he has his seats. */
  readonly after: 'keeps' | 'cancels' | 'cancels a seat' | 'gets all back' | 'gets an amount back';
}

const good = 'pm_card_visa';
const asks = 'pm_card_threeDSecure2Required';
type Way = Pick<Errand, 'cards'> & Partial<Errand>;

/** Of a hundred customers; the rest have a good card and keep what they bought. */
const ways: readonly (readonly [times: number, way: Way])[] = [
  [8, { cards: ['pm_card_chargeDeclined', good] }],
  [5, { cards: [asks], bank: 'never' }],
  [5, { cards: [asks], bank: 'complete' }],
  [3, { cards: [asks, good], bank: 'fail' }],
  [4, { cards: ['pm_card_processing'] }],
  [2, { cards: ['pm_card_processingDeclined', good] }],
  [4, { cards: [good], after: 'cancels' }],
  [3, { cards: [good], after: 'cancels a seat', party: 2 }],
  [3, { cards: ['pm_card_pendingRefund'], after: 'gets all back' }],
  [3, { cards: [good], after: 'gets an amount back' }],
];

/** Their banks take the money back, or ask; without webhooks nobody would hear of it for hours. */
const disputing: typeof ways = [
  [3, { cards: ['pm_card_createDispute'] }],
  [1, { cards: ['pm_card_createDisputeInquiry'] }],
];

export function drawErrand(random: Seeded, mayDispute: boolean): Errand {
  const party = 1 + Math.floor(random.fraction() * 2);
  const acceptsAlternative = random.fraction() < 0.5;
  const usual: Errand = {
    ...{ party, acceptsAlternative, cards: [good], bank: 'complete', after: 'keeps' },
  };
  let left = random.fraction() * 100;
  for (const [times, way] of [...ways, ...(mayDispute ? disputing : [])]) {
    if (left < times) return { ...usual, ...way };
    left -= times;
  }
  return usual;
}
