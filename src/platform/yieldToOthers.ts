/** Lets the event loop do everything else that is due, between two parts of long synchronous work. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
