import { useEffect, useState } from 'preact/hooks';
import type { SaleReplay } from '#libs/seat-map/sale-replay.js';
import { api } from '../shop.js';

/** Of a sale that still runs, its newest steps are asked for so often. */
const askMs = 2_000;

/**
 * Reads the course of a sale into its replay, from the first step to the last, and goes on while
 * the sale does. True: there is all that there is by now.
 */
export function useCourse(
  eventId: string,
  replay: SaleReplay,
  token: string,
  onRefused: () => void,
): boolean {
  const [isWhole, setWhole] = useState(false);
  const [, setSteps] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let after = 0;
    const read = async () => {
      const call = { path: { event_id: eventId }, query: { after }, token };
      const answer = await api.get('/v1/admin/events/{event_id}/replay', call);
      if (isOver) return;
      const { status = 0 } = answer ?? {};
      if (status === 401 || status === 403 || status === 404) return onRefused();
      let more = false;
      if (answer?.status === 200) {
        replay.add(answer.body.steps);
        ({ next: after, more } = answer.body);
        setSteps(replay.stepCount);
        setWhole(!more || replay.isCut);
      }
      if (!replay.isCut) timer = setTimeout(() => void read(), more ? 0 : askMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [eventId, replay, token]);
  return isWhole;
}
