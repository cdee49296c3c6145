export function staleDependencies(root: string): string | null;
export function installDependencies(root: string, say: (line: string) => void): Promise<void>;
export function hydratePostgresLinks(root: string): number;
