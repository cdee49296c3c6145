/** Currencies and amounts, read without ever going through a binary fraction. */
const known = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217, upper case. */
export const isCurrency = (code: string): boolean => known.has(code);

/** Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(code: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

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
