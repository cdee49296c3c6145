import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM files of a certificate that signs itself. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Counted from now; less than 0: it has ended. Default: 30. */
  readonly days?: number;
  /** Further addresses that it is for; 127.0.0.1 always is. */
  readonly addresses?: readonly string[];
}

const dayMs = 24 * 60 * 60_000;

/** Made by the system's openssl, which every machine of a developer has: Node makes none. */
export async function makeCertificate(
  folder: string,
  name: string,
  { days = 30, addresses = [] }: CertificateOptions = {},
): Promise<CertificateFiles> {
  const cert = path.join(folder, `${name}.pem`);
  const key = path.join(folder, `${name}.key`);
  const request = path.join(folder, `${name}.csr`);
  const config = path.join(folder, `${name}.cnf`);
  const subject = ['-subj', `/CN=${name}`];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  if (days > 0) {
    const more = addresses.map((address) => `,IP:${address}`).join('');
    const names = `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1${more}`;
    const rest = ['-addext', names, '-days', String(days), '-out', cert];
    await run('openssl', ['req', '-x509', ...newKey, ...subject, ...rest]);
    return { cert, key };
  }
  // `req` begins now; only `ca` makes what has ended already.
  await writeCa(folder, config);
  await run('openssl', ['req', '-new', ...newKey, ...subject, '-out', request]);
  const dates = ['-startdate', asn1(2 * days - 1), '-enddate', asn1(days)];
  const signed = ['-selfsign', '-batch', '-notext', '-keyfile', key, '-in', request, '-out', cert];
  await run('openssl', ['ca', '-config', config, ...signed, ...dates]);
  return { cert, key };
}

const asn1 = (days: number): string =>
  new Date(Date.now() + days * dayMs).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';

async function writeCa(folder: string, file: string): Promise<void> {
  await writeFile(path.join(folder, 'index.txt'), '');
  await writeFile(path.join(folder, 'serial'), '01');
  const lines = [
    '[ca]',
    'default_ca = own',
    '[own]',
    `database = ${path.join(folder, 'index.txt')}`,
    `serial = ${path.join(folder, 'serial')}`,
    `new_certs_dir = ${folder}`,
    'default_md = sha256',
    'policy = any',
    '[any]',
    'commonName = supplied',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
}
