export const MEMORY: string;
export function memoryFolder(roomBytes?: number): Promise<string>;
