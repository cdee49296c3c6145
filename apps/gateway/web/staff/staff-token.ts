/**
 * The token of somebody with a role, for as long as this tab is open. It is typed in, never in an
 * address, where histories, proxies and whoever looks on would have it.
 */
const key = 'holdfast.staff';

export const staffToken = (): string | null => sessionStorage.getItem(key);

export const keepStaffToken = (token: string): void => sessionStorage.setItem(key, token);

export const forgetStaffToken = (): void => sessionStorage.removeItem(key);
