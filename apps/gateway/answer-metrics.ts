import type { Metrics } from '#libs/platform/metrics.js';

import type { BodyCache } from './http/body-cache.js';
import type { BoundedWork } from './http/bounded-work.js';
import type { Compression } from './http/compression.js';
import type { UnreadAnswers } from './http/unread-answers.js';

export interface AnswerSources {
  readonly bodies: Pick<BodyCache, 'bytes'>;
  readonly pictures: Pick<BodyCache, 'bytes'>;
  readonly listWork: Pick<BoundedWork, 'begun'>;
  readonly compression: Pick<Compression, 'count'>;
  readonly unread: Pick<UnreadAnswers, 'count' | 'bodyBytes' | 'cut'>;
}

/** What large answers cost a gateway. */
export function measureAnswers(metrics: Metrics, sources: AnswerSources): void {
  const { bodies, pictures, listWork, compression, unread } = sources;
  metrics.counterFrom(
    'holdfast_seat_lists_total',
    'Lists of all seats that were made; many answers share one.',
    () => listWork.begun,
  );
  metrics.counterFrom(
    'holdfast_compressions_total',
    'Bodies that were compressed; many answers share one.',
    () => compression.count,
  );
  metrics.gauge(
    'holdfast_body_cache_bytes',
    'Ready bodies of seat lists and layouts, with their codings.',
    () => bodies.bytes,
  );
  metrics.gauge(
    'holdfast_media_cache_bytes',
    'Pictures of events and venues that are kept to be sent.',
    () => pictures.bytes,
  );
  metrics.gauge(
    'holdfast_unread_answers',
    'Large answers that their readers have not taken to the end.',
    () => unread.count,
  );
  metrics.gauge(
    'holdfast_unread_body_bytes',
    'The bodies of these answers, each counted once.',
    () => unread.bodyBytes,
  );
  metrics.counterFrom(
    'holdfast_readers_cut_total',
    'Readers of large answers that were cut for being slow or too many.',
    () => unread.cut,
  );
}
