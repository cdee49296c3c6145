import { ConfigError } from '#libs/platform/config.js';

import type { GatewayConfig } from '../config.js';
import type { AdmissionOptions } from './admission.js';
import { networksOf, TrustedProxies } from './trusted-proxies.js';

/**
 * Throws ConfigError. A proxy of this machine that says nothing of whom it asks for counts as
 * loopback: no limit there would be none for everybody behind it.
 */
export function admissionOf(config: GatewayConfig): AdmissionOptions {
  const { HOLDFAST_TRUSTED_PROXIES: text, HOLDFAST_FORWARDED_HEADER: header } = config;
  const loopbackUnlimited = config.HOLDFAST_LOOPBACK_UNLIMITED;
  const networks = text === undefined ? null : networksOf(text);
  if (networks === null) return { loopbackUnlimited, proxies: null };
  if (loopbackUnlimited) {
    throw new ConfigError([
      'HOLDFAST_LOOPBACK_UNLIMITED does not go with HOLDFAST_TRUSTED_PROXIES',
    ]);
  }
  return { loopbackUnlimited, proxies: new TrustedProxies(networks, header) };
}
