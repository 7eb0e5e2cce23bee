import { cpus, totalmem } from 'node:os';

/** Describes in one line the hardware and software on which the figures depend. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${String(processors.length)} × ${model}, ${String(gigabytes)} GB, Node ${process.version}, ${process.platform}`;
}
