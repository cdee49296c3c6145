import { actorLimits } from './limits/actor.js';
import { admissionLimits } from './limits/admission.js';
import { tlsLimits } from './limits/tls.js';
import { tracingLimits } from './limits/tracing.js';
import { answerLimits } from './limits/answers.js';
import { busLimits } from './limits/bus.js';
import { catalogueLimits } from './limits/catalogue.js';
import { databaseLimits } from './limits/database.js';
import { edgeLimits } from './limits/edge.js';
import { hostingLimits } from './limits/hosting.js';
import { inventoryLimits } from './limits/inventory.js';
import { journalLimits } from './limits/journal.js';
import { lameDuckLimits } from './limits/lame-duck.js';
import { liveMapLimits } from './limits/live-map.js';
import { loggingLimits } from './limits/logging.js';
import { moveLimits } from './limits/moves.js';
import { nodeEdgeLimits } from './limits/node-edge.js';
import { officeLimits } from './limits/office.js';
import { pageLimits } from './limits/pages.js';
import { paymentLimits } from './limits/payments.js';
import { processLimits } from './limits/processes.js';
import { routingLimits } from './limits/routing.js';
import { seatListLimits } from './limits/seat-lists.js';
import { roomLimits } from './limits/room.js';
import { roles } from './roles.js';

/**
 * Every bound of Holdfast in one place (G8), by area under `limits/`. Units are in the names.
 *
 * Here the areas meet: a bound has one home, and relations between bounds are asserted at load, so
 * that a changed number cannot silently break a promise. A relation is named by what it keeps true.
 */
const areas = {
  inventoryLimits,
  catalogueLimits,
  busLimits,
  routingLimits,
  actorLimits,
  journalLimits,
  databaseLimits,
  hostingLimits,
  moveLimits,
  processLimits,
  edgeLimits,
  nodeEdgeLimits,
  admissionLimits,
  tlsLimits,
  lameDuckLimits,
  liveMapLimits,
  answerLimits,
  seatListLimits,
  pageLimits,
  paymentLimits,
  officeLimits,
  roomLimits,
  loggingLimits,
  tracingLimits,
} as const;

export const limits = {
  ...inventoryLimits,
  ...catalogueLimits,
  ...busLimits,
  ...routingLimits,
  ...actorLimits,
  ...journalLimits,
  ...databaseLimits,
  ...hostingLimits,
  ...moveLimits,
  ...processLimits,
  ...edgeLimits,
  ...nodeEdgeLimits,
  ...admissionLimits,
  ...tlsLimits,
  ...lameDuckLimits,
  ...liveMapLimits,
  ...answerLimits,
  ...seatListLimits,
  ...pageLimits,
  ...paymentLimits,
  ...officeLimits,
  ...roomLimits,
  ...loggingLimits,
  ...tracingLimits,
} as const;

/** A row of the seat list with names of ordinary length. */
const listedSeatBytes = 150;

type Relations = Readonly<Record<string, boolean>>;

/** A later area of the same name would silently win. */
const homes: Relations = {
  'a bound has one home': Object.values(areas).flatMap(Object.keys).length === count(limits),
};

const frames: Relations = {
  'a batch must fit a bus frame': limits.batchBytesMax < limits.busPayloadBytesMax,
  'a batch must fit a bus frame with a trace and a name for each of its items':
    limits.batchBytesMax + limits.batchItemsMax * (limits.operatorNameBytesMax + 32) + 1024 <
    limits.busPayloadBytesMax,
  'a map must fit a bus frame with the three counts of its areas':
    limits.seatsPerPlanMax + limits.areasPerPlanMax * 3 * 8 + 2_048 < limits.busPayloadBytesMax,
  'an address may hold what one buyer may': limits.placesPerHoldMax <= limits.addressPlacesMin,
  'an event may say more for an address than for a buyer':
    limits.placesPerBuyerMax <= limits.addressPlacesRuleMax,
  'a batch must fit a mailbox': limits.batchItemsMax <= limits.mailboxMax,
  'the largest batch must fit one append': limits.bytesPerBatchMax + 64 <= limits.appendBytesMax,
  'a user id of the edge and an idempotency key must fit a command id':
    limits.edgeUserIdBytesMax + 1 + limits.idempotencyKeyLengthMax <= limits.idBytesMax,
};

const plans: Relations = {
  'a section index must fit 16 bits': limits.zonesPerPlanMax <= 65_535,
  'a category index must fit 16 bits':
    limits.categoriesPerPlanMax + limits.areasPerPlanMax <= 65_535,
  'the largest plan must fit the cache': limits.seatsPerPlanMax <= limits.cachedLayoutSeatsMax,
};

const ownership: Relations = {
  'suspicion needs missed beats': limits.heartbeatMs * 4 <= limits.suspectAfterMs,
  'a lease outlives two lost renewals': limits.heartbeatMs * 3 <= limits.leaseMs,
  'an owner stops before it is replaced': limits.leaseMs < limits.suspectAfterMs,
  'a silent owner is noticed, and asked in vain, before a call must be answered':
    limits.suspectAfterMs + limits.heartbeatMs / 5 + limits.pingTimeoutMs <
    limits.commandDeadlineMs,
  'a buyer has his answer in time, however late the deadline is noticed':
    limits.commandDeadlineMs + 2 * limits.callSweepMs <= limits.answerWithinMs,
  'a call whose answer was lost is sent again twice before its deadline':
    3 * limits.hopTimeoutMs < limits.commandDeadlineMs,
  'a shard is known to live, or not, before its calls are sent again':
    limits.pingTimeoutMs < limits.hopTimeoutMs,
  'calls that are sent again take a small part of a mailbox':
    (limits.askAgainMax * limits.commandDeadlineMs) / limits.callSweepMs < limits.mailboxMax / 4,
  'a question for the frames a shard reads ends before the next':
    limits.pingTimeoutMs < limits.versionAskMs,
  'a shard that was left alone is tried again before a call must be answered':
    limits.shunMs * 2 < limits.commandDeadlineMs,
  'an event alone keeps the two batches of its owner full, and four more ready':
    limits.batchItemsMax * 6 <= limits.clientQueueMax / 2,
  'rehearsals delay no heartbeat': limits.rehearsalSliceMs * 5 <= limits.heartbeatMs,
  'a due hold must be seen before it is due': limits.wakeScanMs < limits.wakeHorizonMs,
  'who blocks an announce is ended before the announce gives up':
    limits.announceBlockedMs < limits.announceLockMs,
  'a piece of long work fits a turn':
    limits.loopBytesAtOnce / limits.loopBytesPerUnit < limits.loopUnitsPerTurn &&
    limits.loopEntriesAtOnce < limits.loopUnitsPerTurn,
  'an event that rests has a shorter tail than one that sells':
    limits.tailAtRestFacts < limits.snapshotEveryFacts &&
    limits.tailAtRestBatches < limits.snapshotEveryBatches,
  'events with buyers find room beside a herd of quiet ones':
    limits.quietActivationsAtOnceMax < limits.activationsAtOnceMax,
};

const moving: Relations = {
  'a step of a move that hangs is given up before those who wait are told no':
    Math.max(limits.moveFlushMs, limits.moveTakeMs) < limits.commandDeadlineMs,
  'a target waits for its slot no longer than its source waits for it':
    limits.moveSlotWaitMs < limits.moveTakeMs,
  'rebalancing leaves room for the moves of operators':
    limits.rebalanceMovesAtOnce <= limits.movesAtOnceMax,
  'a shard that fell silent is noticed before anything is rebalanced':
    limits.suspectAfterMs < limits.rebalanceCalmMs,
};

const stopping: Relations = {
  // Two pings may stay unanswered; the third finds it out.
  'a broker that froze is left before calls that it swallowed are over':
    3 * limits.busPingMs + 500 < limits.commandDeadlineMs,
  'a stopping shard has time left to hand back what it could not move':
    limits.drainAtStopMs + limits.moveFlushMs < limits.shardStopMs,
  'a process ends by itself before it is killed':
    limits.shardStopMs < limits.processStopMs && limits.processStopMs < limits.processKillMs,
  'a gateway has let everybody go before it must have stopped':
    limits.lameDuckGraceMs + limits.lameDuckCloseMs + limits.stopGraceMs + 2_000 <
      limits.gatewayStopMs && limits.gatewayStopMs < limits.processStopMs,
  'the sockets of a full gateway come back no faster than they should':
    limits.socketsMax <= (limits.lameDuckReturnsPerSecond * limits.lameDuckReturnMsMax) / 1_000,
};

const liveMap: Relations = {
  'the maps of a full gateway end within a quarter of a minute when all tokens run out at once':
    (limits.socketsMax / limits.expiredAtOnceMax) * limits.expiryLookMs <= 15_000,
  'the first map of an event is waited for as long as it may take to come':
    limits.commandDeadlineMs < limits.replicaWaitMs,
  'a merged diff must not look like loss': limits.fanOutMsMax < limits.replicaLagMs,
  'an owner must be asked again before who waits for it is sent away':
    limits.leaseMs + 2 * limits.replicaLagMs < limits.resumeWaitMs,
};

const nodeEdge: Relations = {
  'the longest header a route takes fits beside the others':
    limits.headerBytesMax * 2 < limits.edgeHeadBytesMax,
  'an event stream is never quiet for so long that it looks abandoned':
    limits.streamBeatMs * 2 <= limits.edgeIdleMs && limits.edgeIdleMs <= limits.edgeRequestMs,
};

const waiting: Relations = {
  'whoever waits for owners, maps and payments leaves room at the edge for everybody else':
    limits.clientQueueMax + limits.replicaWaitersMax + limits.bookingsInFlightMax <
    limits.requestsInFlightMax,
  'whether there is anything to pay for is known before it is asked again':
    limits.bookBeginsMs < limits.hopTimeoutMs,
  'bookings leave room for the other requests of a bus':
    limits.bookingsInFlightMax * limits.bookAsksMax * 2 <= limits.busRequestsMax,
  'the bookings of some gateways fit a payments process':
    limits.bookingsInFlightMax * limits.bookAsksMax * 4 <= limits.bookCallsMax,
};

const admission: Relations = {
  'a new token always fits beside those that are remembered':
    limits.tokenBytesMax * 2 < limits.tokensCachedBytesMax,
  'a token that an operator made lives for at least as long as one is made for':
    limits.operatorTokenTtlMs <= limits.operatorTokenTtlMsMax,
  'a fact has room for the role and the name of who caused it':
    limits.operatorTokenNameBytesMax + Math.max(...roles.map(({ length }) => length)) + 1 <=
    limits.operatorNameBytesMax,
  'what an issuer takes back is not believed for much longer than its keys are':
    limits.tokenTrustMs <= limits.issuerKeysFreshMs &&
    limits.issuerKeysFreshMs * 2 < limits.issuerKeysKeptMs,
  'who waited for the keys of an issuer has time left for the owner of his event':
    limits.tokenWaitMs * 1.5 < limits.commandDeadlineMs,
  'a new address must be able to pay for its first caller':
    limits.addressPrepaidRequests < limits.addressRequestsBurst,
};

const lists: Relations = {
  // A character of two filters is up to nine in an address; dates, numbers and names are the rest.
  'the longest search must leave room for a link to its next page':
    2 * 9 * limits.keywordLengthMax + 300 < limits.linkBytesMax,
};

const answers: Relations = {
  'who waits for its burst can have the dearest answer':
    limits.answerTokensMax < limits.addressRequestsBurst,
  'an address may leave at least one list of the largest plan unread':
    limits.seatsPerPlanMax * listedSeatBytes < limits.unreadBytesPerAddressMax,
  'one address does not use up what all may leave unread':
    limits.unreadBytesPerAddressMax * 2 <= limits.unreadBodyBytesMax,
  'the list of the largest plan can be kept':
    limits.seatsPerPlanMax * listedSeatBytes <= limits.bodyCacheBytesMax / 2,
  'the largest picture can be kept': limits.mediaBytesMax * 4 <= limits.mediaCacheBytesMax,
  'a state that was the newest a second ago can still be asked for':
    limits.seatStatesPerSecondMax * 4 <= limits.seatStatesKept,
  'states are taken no faster than so many a second':
    limits.seatStateGapMs * limits.seatStatesPerSecondMax >= 1_000,
  'a piece of a list fits a turn': limits.rowsAtOnce * 2 <= limits.rowUnitsPerTurn,
};

const payments: Relations = {
  'a step outlasts the failover of an owner that stood still in the middle of an append':
    limits.suspectAfterMs +
      limits.pingTimeoutMs +
      limits.announceBlockedMs +
      limits.announceLockMs <
    limits.commandDeadlineMsMax,
  'a payment that was asked for again has time to end while its buyer waits':
    limits.bookAgainMs * limits.bookAsksMax < limits.bookingWaitMs,
  'a buyer waits for a payment longer than for its longest step':
    limits.commandDeadlineMsMax < limits.bookingWaitMs,
  'a late booking outlasts that failover too, and ends with a margin before its lease':
    limits.suspectAfterMs +
      limits.pingTimeoutMs +
      limits.announceBlockedMs +
      limits.announceLockMs <
      limits.sagaLeaseMs * limits.sagaFencePart && limits.sagaFencePart < 1,
  'the last try to give money back ends within its lease, and freeing its places too':
    limits.providerTimeoutMs < limits.refundLeaseMs * (1 - limits.sagaFencePart) &&
    limits.commandDeadlineMsMax < limits.refundLeaseMs,
  'disputes that are claimed together are looked at within a lease, with all tries':
    limits.disputesAtOnce * 3 * (limits.providerTimeoutMs + 1_000) < limits.refundLeaseMs,
  'most of what a process gives back at once may be of events that are not cancelled':
    limits.cancellationRefundsMax < limits.refundsInWorkMax,
  'a lease must outlive missed renewals': limits.sagaScanMs * 3 <= limits.sagaLeaseMs,
};

const logging: Relations = {
  'a request that was slow because of its owner is explained there':
    limits.slowCommandMs < limits.slowRequestMs,
};

for (const group of [
  homes,
  frames,
  plans,
  ownership,
  moving,
  stopping,
  liveMap,
  nodeEdge,
  waiting,
  admission,
  lists,
  answers,
  payments,
  logging,
]) {
  for (const [relation, holds] of Object.entries(group)) {
    if (!holds) throw new Error(`limits: ${relation}`);
  }
}

function count(bounds: object): number {
  return Object.keys(bounds).length;
}
