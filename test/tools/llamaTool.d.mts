export const work: string;
export function compileLlamaTool(name: string): string;
