export function staleBuild(root: string): string | null;
export function sourceStamp(root: string): string;
export function build(root: string, say: (line: string) => void): Promise<void>;
