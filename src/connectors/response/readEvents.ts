/**
 * Returns the data of each server-sent event of a text, parsed if it is JSON; `done` is the data that ends them. Text
 * after the last blank line is an incomplete event and is dropped.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function readEvents(text: string, done?: string): unknown[] {
  const events: unknown[] = [];
  let data: string[] = [];
  for (const line of linesOf(text)) {
    if (line === '') {
      if (data.length === 0) continue;
      const whole = data.join('\n');
      if (whole === done) return events;
      events.push(parsed(whole));
      data = [];
    } else if (line === 'data') {
      data.push('');
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    }
  }
  return events;
}

/** Returns whole lines, without their ends, and without the text after the last end. */
function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .slice(0, -1);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // Not every service sends JSON.
    return data;
  }
}
