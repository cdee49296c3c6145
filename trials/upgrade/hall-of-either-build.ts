import type { Api } from '../demo/api.js';
import { found, hallOf, type PlanDocument } from '../demo/crowd.js';
import type { Hall } from '../demo/seat-picker.js';

/** The older build serves a plan beside its event, this one at the address of its hash. */
export async function hallOfEitherBuild(
  api: Api,
  eventId: string,
  contested: number,
): Promise<Hall> {
  const { layout_hash: hash } = await found<{ layout_hash: string }>(api, `/v1/events/${eventId}`);
  const { answer } = await api.settle({ method: 'GET', path: `/v1/layouts/${hash}` });
  if (answer?.status === 200) return hallOf(answer.body as PlanDocument, contested);
  return hallOf(await found<PlanDocument>(api, `/v1/events/${eventId}/layout`), contested);
}
