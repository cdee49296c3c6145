import type { Clock } from '#libs/platform/clock.js';
import { ConfigError } from '#libs/platform/config.js';
import type { Log } from '#libs/platform/log.js';

import type { GatewayConfig } from '../config.js';
import type { EdgeApp, EdgeModule } from '../edge/edge.js';
import { CertificateRefused, readCertificate } from './certificate.js';
import { CertificateKeeper } from './certificate-keeper.js';

export interface OpenedApp {
  readonly app: EdgeApp;
  /** null: without TLS, which is the business of a proxy then. */
  readonly keeper: CertificateKeeper | null;
}

/** The app of the edge, with TLS where a certificate is configured. Throws ConfigError. */
export function openApp(
  edge: EdgeModule,
  config: GatewayConfig,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): OpenedApp {
  const { HOLDFAST_TLS_CERT: cert, HOLDFAST_TLS_CERT_KEY: key } = config;
  if (cert === undefined && key === undefined) return { app: edge.App(), keeper: null };
  if (cert === undefined || key === undefined) {
    throw new ConfigError(['HOLDFAST_TLS_CERT and HOLDFAST_TLS_CERT_KEY go together']);
  }
  const files = { cert, key };
  try {
    readCertificate(files, clock.nowMs());
    const app = edge.TlsApp(files);
    return { app, keeper: new CertificateKeeper({ files, app, clock, log }) };
  } catch (error) {
    if (error instanceof CertificateRefused) throw new ConfigError([error.message]);
    throw error;
  }
}
