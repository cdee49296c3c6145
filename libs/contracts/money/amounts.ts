/** Amounts as text and in minor units, without ever going through a binary fraction. */

/** `"89.50"` to 8950; null when it is not an amount of a currency with that many digits. */
export function minorOf(amount: string, digits: number): number | null {
  const parts = /^(0|[1-9]\d{0,9})(?:\.(\d{1,4}))?$/.exec(amount);
  if (parts === null) return null;
  const fraction = parts[2] ?? '';
  if (fraction.length > digits) return null;
  return Number(parts[1] + fraction.padEnd(digits, '0'));
}

/** 8950 to `89.50`. */
export function amountOf(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The same amount with other decimals: exact, or null where it has a finer part. */
export function rescaled(minor: number, fromDigits: number, toDigits: number): number | null {
  if (toDigits >= fromDigits) return minor * 10 ** (toDigits - fromDigits);
  const unit = 10 ** (fromDigits - toDigits);
  return minor % unit === 0 ? minor / unit : null;
}
