/**
 * Decimals of amounts that were stored without saying them, by releases that asked Node's `Intl`:
 * what all Nodes gave that could run those releases (20.19.6, 20.20.2, 22.23.5, 24.22.3, 26.12.1),
 * also where it is not ISO 4217's. Never to be used for a price that is read from a file.
 */
const moved: readonly string[] = ['COP', 'HUF', 'IDR', 'PKR', 'RSD'];
const none: readonly string[] = [
  ...['AFN', 'ALL', 'BIF', 'CLP', 'DJF', 'GNF', 'IQD', 'IRR', 'ISK', 'JPY', 'KMF', 'KPW', 'KRW'],
  ...['LAK', 'LBP', 'MGA', 'MMK', 'PYG', 'RWF', 'SLL', 'SOS', 'SYP', 'UGX', 'VND', 'VUV', 'XAF'],
  ...['XOF', 'XPF', 'YER'],
];
const three: readonly string[] = ['BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

/** null: the Nodes do not agree. */
export function digitsOfBefore(currency: string): number | null {
  if (moved.includes(currency)) return null;
  if (none.includes(currency)) return 0;
  return three.includes(currency) ? 3 : 2;
}
