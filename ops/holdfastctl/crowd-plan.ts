/**
 * How a sale behind a waiting room goes, on paper: so many people, so many places, and what a step
 * of it costs a gateway and the event's owner. Pure. Flows and not requests: no failures, no
 * stragglers, and everybody takes the same time.
 *
 * CRP1  As many are admitted as buy what there is, and no more than come.
 * CRP2  The pace is the one that was wished, or the most that one owner bears at 70 %.
 * CRP3  Gateways are counted for the worst moment: all who come, wait and buy at once.
 */
export interface CrowdSale {
  /** People who come; each stands for a party. */
  readonly crowd: number;
  /** Half of those who come have come after so long; they come ever more slowly. */
  readonly halfComeSeconds: number;
  readonly free: number;
  readonly party: number;
  /** Of those who are admitted. */
  readonly buyingPercent: number;
  /** From being admitted to having paid, or given up. */
  readonly staySeconds: number;
  /** Wished: from the draw until nothing is left. */
  readonly sellInSeconds: number;
}

/** What a step costs one core, in microseconds; see docs/capacity.md. */
export interface StepCosts {
  readonly gatewayHoldUs: number;
  readonly ownerHoldUs: number;
  readonly pageUs: number;
  readonly frameUs: number;
  readonly joinUs: number;
  /** Live maps that one gateway holds. */
  readonly socketsPerGateway: number;
}

/**
 * As docs/capacity.md has them; a join as one caller of the store took for it, which is more than a
 * gateway spends.
 */
export const reckonedSteps: StepCosts = {
  ...{ gatewayHoldUs: 18, ownerHoldUs: 9, pageUs: 12, frameUs: 5, joinUs: 160 },
  socketsPerGateway: 10_000,
};

export interface CrowdPlan {
  readonly parties: number;
  readonly admitted: number;
  readonly ratePerMinute: number;
  readonly active: number;
  /** From the draw on. */
  readonly soldOutSeconds: number | null;
  readonly placesSold: number;
  readonly leftWithout: number;
  readonly gateways: number;
  /** Of one core of the owner. */
  readonly ownerPercent: number;
  /** The owner bears no quicker sale than this, whatever was wished. */
  readonly bounded: boolean;
}

/** Of a buyer: looks at the event, at his order, at how far it is. */
const pagesEach = 6;
const holdsEach = 2.5;
/** Of a live map, and of a poll of who waits. */
const framesPerSecond = 4;
const askEverySeconds = 10;
const usable = 0.7;
const usPerSecond = 1_000_000;

export function planCrowd(sale: CrowdSale, costs: StepCosts): CrowdPlan {
  const { crowd, free, party, buyingPercent, staySeconds } = sale;
  const buying = buyingPercent / 100;
  const wanted = Math.ceil(free / party / buying);
  const admitted = Math.min(crowd, wanted);
  const wished = admitted / Math.max(1, sale.sellInSeconds - staySeconds);
  const bearable = (usable * usPerSecond) / costs.ownerHoldUs / holdsEach;
  const perSecond = Math.min(wished, bearable);
  const active = Math.min(admitted, Math.ceil(perSecond * staySeconds));
  const soldOut = crowd >= wanted;
  const bought = Math.min(free, Math.round(admitted * buying) * party);
  return {
    parties: Math.ceil(free / party),
    admitted,
    ratePerMinute: Math.ceil(perSecond * 60),
    active,
    soldOutSeconds: soldOut ? Math.ceil(admitted / perSecond + staySeconds) : null,
    placesSold: soldOut ? free : bought,
    leftWithout: Math.max(0, crowd - admitted),
    gateways: gatewaysFor(sale, costs, perSecond, active),
    ownerPercent: Math.round((perSecond * holdsEach * costs.ownerHoldUs * 100) / usPerSecond),
    bounded: wished > bearable,
  };
}

/** CRP3 */
function gatewaysFor(
  { crowd, halfComeSeconds }: CrowdSale,
  { gatewayHoldUs, pageUs, frameUs, joinUs, socketsPerGateway }: StepCosts,
  perSecond: number,
  active: number,
): number {
  const arrivals = crowd * (1 - 2 ** (-1 / halfComeSeconds));
  const us =
    arrivals * joinUs +
    (crowd / askEverySeconds) * pageUs +
    perSecond * (pagesEach * pageUs + holdsEach * gatewayHoldUs) +
    active * framesPerSecond * frameUs;
  return Math.max(1, Math.ceil(us / usPerSecond / usable), Math.ceil(active / socketsPerGateway));
}
