import { createPrivateKey, createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

import { limits } from '#libs/contracts/limits.js';

import type { TlsFiles } from '../edge/edge.js';

/** A pair that can be served: it belongs together, and its time has begun and not ended. */
export interface Certificate {
  readonly notAfterMs: number;
  /** For people: `DNS:tickets.example, DNS:www.tickets.example`. */
  readonly names: string;
}

/** One line for people; never what stands in a file. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/** Throws CertificateRefused. */
export function readCertificate(files: TlsFiles, nowMs: number): Certificate {
  const leaf = leafOf(files.cert);
  if (!leaf.checkPrivateKey(keyOf(files.key))) {
    throw new CertificateRefused(`the key in ${files.key} is not that of ${files.cert}`);
  }
  const notBeforeMs = Date.parse(leaf.validFrom);
  const notAfterMs = Date.parse(leaf.validTo);
  if (nowMs >= notAfterMs) {
    throw new CertificateRefused(`the certificate in ${files.cert} ended on ${leaf.validTo}`);
  }
  if (nowMs < notBeforeMs) {
    throw new CertificateRefused(`the certificate in ${files.cert} begins on ${leaf.validFrom}`);
  }
  return { notAfterMs, names: leaf.subjectAltName ?? leaf.subject };
}

/** Tells two states of the files apart; '' when one cannot be read. */
export function fingerprintOf({ cert, key }: TlsFiles): string {
  try {
    return createHash('sha256')
      .update(contentOf(cert))
      .update('\0')
      .update(contentOf(key))
      .digest('hex');
  } catch {
    return '';
  }
}

/** The first of the file; those behind it are its chain, whose end the clients judge. */
function leafOf(file: string): X509Certificate {
  const content = contentOf(file);
  try {
    return new X509Certificate(content);
  } catch {
    throw new CertificateRefused(`${file} holds no certificate in PEM`);
  }
}

function keyOf(file: string): KeyObject {
  const content = contentOf(file);
  try {
    return createPrivateKey(content);
  } catch {
    throw new CertificateRefused(`${file} holds no key in PEM, or one with a password`);
  }
}

function contentOf(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size <= limits.certificateFileBytesMax) return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CertificateRefused(`${file} cannot be read (${code})`);
  }
  throw new CertificateRefused(`${file} is too large`);
}
