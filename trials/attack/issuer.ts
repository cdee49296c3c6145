import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

const name = 'https://accounts.attack.example';
const audience = 'holdfast-attack';
const header = { alg: 'ES256', kid: 'k1' } as const;

/** An organiser's own accounts, with their keys where a gateway asks for them. */
export class AttackIssuer {
  private constructor(
    private readonly server: Server,
    private readonly keys: Keys,
    private readonly others: Keys,
  ) {}

  static async start(): Promise<AttackIssuer> {
    const [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const served = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), ...header }] });
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(served);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new AttackIssuer(server, keys, others);
  }

  /** For the environment of a gateway. Its accounts buy; `rank: chief` would be no role of it. */
  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    const jwks_url = `http://127.0.0.1:${port}/jwks`;
    const roles = { claim: 'rank', map: { desk: 'support' } };
    const issuer = { issuer: name, jwks_url, audience, roles };
    return { HOLDFAST_TOKEN_ISSUERS: JSON.stringify([issuer]) };
  }

  /** A buyer, whatever else he says of himself. */
  buyer(): Promise<string> {
    return this.sign({ rank: 'sre', role: 'sre', roles: ['sre'], organiser: 'all' });
  }

  /** Tokens of nobody, each with why. */
  async forged(): Promise<readonly (readonly [string, string])[]> {
    const secret = await exportSPKI(this.keys.publicKey);
    const [, claims] = (await this.buyer()).split('.');
    const part = Buffer.from(JSON.stringify({ ...header, alg: 'HS256' })).toString('base64url');
    const mac = createHmac('sha256', secret).update(`${part}.${claims}`).digest('base64url');
    return [
      ['another key of an issuer', await this.sign({}, { keys: this.others })],
      ['another audience', await this.sign({}, { audience: 'another' })],
      ['an issuer of a like name', await this.sign({}, { issuer: `${name}/` })],
      ['an hour too late', await this.sign({}, { expires: '-1h' })],
      ['its public key as a shared secret', `${part}.${claims}.${mac}`],
    ];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private sign(
    claims: Record<string, unknown>,
    said: { keys?: Keys; audience?: string; issuer?: string; expires?: string } = {},
  ): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader(header)
      .setSubject('member-1')
      .setIssuer(said.issuer ?? name)
      .setAudience(said.audience ?? audience)
      .setExpirationTime(said.expires ?? '30m')
      .sign((said.keys ?? this.keys).privateKey);
  }
}
