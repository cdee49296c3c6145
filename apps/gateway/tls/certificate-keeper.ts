import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Metrics } from '#libs/platform/metrics.js';

import type { EdgeTlsApp, TlsFiles } from '../edge/edge.js';
import { fingerprintOf, readCertificate, type Certificate } from './certificate.js';

export interface KeeperPorts {
  readonly files: TlsFiles;
  readonly app: Pick<EdgeTlsApp, 'renew'>;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 24 * 60 * 60_000;

/**
 * The certificate of a gateway, from boot to its last renewal. The files are looked at, not
 * watched: they are swapped in many ways (a link to another folder, a mount), and a look costs
 * nothing.
 *
 * CK1  What is in the files is served only when it is a pair and its time has come; until then the
 *      one before is, and a line and a number tell.
 * CK2  Files that change between two looks are not complained of: one comes before the other.
 */
export class CertificateKeeper {
  renewals = 0;
  refusals = 0;
  private current: Certificate;
  private served: string;
  /** The state of the files at the last look, and the one that was complained of. */
  private seen: string;
  private refused: string | null = null;
  private warnedMs = -Infinity;
  private readonly stopLooking: () => void;

  /** Throws CertificateRefused. */
  constructor(private readonly ports: KeeperPorts) {
    const { files, clock } = ports;
    this.served = this.seen = fingerprintOf(files);
    this.current = readCertificate(files, clock.nowMs());
    this.warn();
    this.stopLooking = clock.every(limits.certificateLookMs, () => void this.look());
  }

  get certificate(): Certificate {
    return this.current;
  }

  /** Less than 0: it has ended. */
  get daysLeft(): number {
    return (this.current.notAfterMs - this.ports.clock.nowMs()) / dayMs;
  }

  async look(): Promise<void> {
    const { files } = this.ports;
    const state = fingerprintOf(files);
    const settled = state === this.seen;
    this.seen = state;
    this.warn();
    if (state === this.served || state === this.refused) return;
    try {
      await this.renew(state);
    } catch (error) {
      if (settled) this.complain(state, error);
    }
  }

  close(): void {
    this.stopLooking();
  }

  private async renew(state: string): Promise<void> {
    const { files, app, clock, log } = this.ports;
    const next = readCertificate(files, clock.nowMs());
    await app.renew();
    this.current = next;
    this.served = state;
    this.refused = null;
    this.renewals += 1;
    this.warnedMs = -Infinity;
    log.info({ names: next.names, days: Math.floor(this.daysLeft) }, 'the certificate is renewed');
    this.warn();
  }

  private complain(state: string, error: unknown): void {
    const { log } = this.ports;
    this.refused = state;
    this.refusals += 1;
    const days = Math.floor(this.daysLeft);
    log.error({ err: error, days }, 'THE NEW CERTIFICATE IS REFUSED, the old one is served on');
  }

  private warn(): void {
    const { clock, log, files } = this.ports;
    const { daysLeft } = this;
    if (daysLeft * dayMs > limits.certificateWarnMs) return;
    if (clock.monotonicMs() - this.warnedMs < limits.certificateWarnEveryMs) return;
    this.warnedMs = clock.monotonicMs();
    const details = { file: files.cert, days: Math.floor(daysLeft) };
    if (daysLeft > 0) log.warn(details, 'the certificate ends soon');
    else log.error(details, 'THE CERTIFICATE HAS ENDED: clients refuse it');
  }
}

export function measureCertificate(
  metrics: Metrics,
  keeper: Pick<CertificateKeeper, 'daysLeft' | 'renewals' | 'refusals'>,
): void {
  metrics.gauge(
    'holdfast_tls_certificate_days_left',
    'Until the certificate ends; below 0: it has. Only with TLS at the gateway itself.',
    () => keeper.daysLeft,
  );
  metrics.counterFrom(
    'holdfast_tls_renewals_total',
    'Certificates that took the place of the one before.',
    () => keeper.renewals,
  );
  metrics.counterFrom(
    'holdfast_tls_renewals_refused_total',
    'Certificates that were in the files and could not be served.',
    () => keeper.refusals,
  );
}
