import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  errors,
  type CryptoKey,
  type JWTHeaderParameters,
} from 'jose';

import { limits } from '#libs/contracts/limits.js';

/** What a token was believed by: a kid and a key's material together. */
export interface IssuerKey {
  /** True for ever once the issuer has taken it back, or has another one under its kid. */
  readonly withdrawn: boolean;
}

type Header = Pick<JWTHeaderParameters, 'alg' | 'kid'>;

/** An IssuerKey, and how it is looked for. */
interface UsedKey extends IssuerKey {
  withdrawn: boolean;
  readonly header: Header;
  /** RFC 7638. */
  readonly thumbprint: string;
}

/**
 * The public keys of one issuer, and which of them speak for somebody now.
 *
 * IK1  After each fetch it is asked again which key the header of every used one leads to. One
 *      that leads to none, or to other material, is withdrawn, and who listens is told once. A
 *      fetch that fails withdraws nothing.
 * IK2  Used keys are as many as the issuer has, by the algorithms that each allows (G8).
 */
export class IssuerKeys {
  /** For jwtVerify. */
  readonly find: ReturnType<typeof createRemoteJWKSet>;
  private readonly used = new Map<string, UsedKey>();
  private readonly thumbprints = new WeakMap<CryptoKey, Promise<string>>();

  constructor(
    url: URL,
    private readonly onWithdrawn: (key: IssuerKey) => void,
  ) {
    this.find = createRemoteJWKSet(url, {
      timeoutDuration: limits.tokenVerifyTimeoutMs,
      cooldownDuration: 30_000,
      cacheMaxAge: limits.issuerKeysKeptMs,
    });
  }

  /** By which a token of this header was verified. */
  async use({ alg, kid }: Header, material: CryptoKey): Promise<IssuerKey> {
    const thumbprint = await this.thumbprintOf(material);
    const name = JSON.stringify([alg, kid, thumbprint]);
    const known = this.used.get(name);
    if (known !== undefined) return known;
    const header = kid === undefined ? { alg } : { alg, kid };
    const key = { withdrawn: false, header, thumbprint };
    this.used.set(name, key);
    // It may have gone while its token was verified.
    await this.look(name, key);
    return key;
  }

  /** Fetches the keys anew if they were fetched before. */
  async refresh(): Promise<void> {
    if (this.find.jwks() === undefined) return;
    const fetched = await this.find.reload().then(
      () => true,
      () => false,
    );
    if (!fetched) return;
    for (const [name, key] of this.used) await this.look(name, key);
  }

  /** IK1 */
  private async look(name: string, key: UsedKey): Promise<void> {
    if ((await this.isThere(key)) || this.used.get(name) !== key) return;
    this.used.delete(name);
    key.withdrawn = true;
    this.onWithdrawn(key);
  }

  private async isThere({ header, thumbprint }: UsedKey): Promise<boolean> {
    try {
      return (await this.thumbprintOf(await this.find(header))) === thumbprint;
    } catch (error) {
      const isGone =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys;
      return !isGone;
    }
  }

  private thumbprintOf(material: CryptoKey): Promise<string> {
    const known = this.thumbprints.get(material);
    if (known !== undefined) return known;
    const thumbprint = calculateJwkThumbprint(material);
    this.thumbprints.set(material, thumbprint);
    return thumbprint;
  }
}
