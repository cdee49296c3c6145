export function processIdentity(pid: number): string | null;
export function isAlive(pid: number, identity?: string | null): boolean;
export function commandLine(pid: number): string;
export function pidIsTaken(pid: number): boolean;
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean;
export function processesWithEnvironment(name: string, value: string): number[];
