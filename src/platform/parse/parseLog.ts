import { inspect } from 'node:util';

import { StartRefused } from '../../contract/index.js';
import { parseServerInternals } from './internals.js';
import type { LoggerAdapter, LoggerController, ParseServerConfig } from './sdk.js';

/**
 * Keeps parameters and results of the hub's functions out of Parse Server's log, which logs both at `info`. Call it
 * before each function runs: the logger of the process may have been replaced by then. Lines of the host's own
 * functions and triggers pass unchanged. Throws StartRefused when the logger has no adapter that can be filtered.
 */
export function createParseLogFilter(ownFunctions: readonly string[]) {
  const done = new WeakSet<object>();
  const filter = (logger: LoggerController) => {
    if (done.has(logger.adapter)) return;
    filterLogger(logger, ownFunctions);
    done.add(logger.adapter);
  };
  return (config: ParseServerConfig): void => {
    filter(config.loggerController);
    // Lines of functions go to the logger of the process, which belongs to the Parse Server that was created last.
    filter(parseServerInternals(config).logger.getLogger());
  };
}

/** The names that a filtered adapter withholds. Several hubs of one process share the logger, and so one filter. */
const namesOf = new WeakMap<object, Set<string>>();

/** Puts a filter between a logger and its adapter, or adds names to the existing filter. */
export function filterLogger(logger: LoggerController, ownFunctions: readonly string[]): void {
  const { adapter } = logger;
  const known = namesOf.get(adapter);
  if (known) {
    for (const name of ownFunctions) known.add(name);
    return;
  }
  if (typeof adapter.log !== 'function') {
    throw new StartRefused(
      'The logger of this parse-server has no adapter with a function log, so the hub cannot keep secrets out of its log. Use a parse-server that the hub supports.',
    );
  }
  const own = new Set(ownFunctions);
  const screened = screenedAdapter(adapter, own);
  logger.adapter = screened;
  namesOf.set(screened, own);
}

/**
 * Returns the adapter with `log` replaced; everything else is called on the original, which may have private members.
 */
function screenedAdapter(adapter: LoggerAdapter, own: ReadonlySet<string>): LoggerAdapter {
  const log = (...entry: readonly unknown[]): unknown => {
    const verdict = verdictOn(entry, own);
    if (verdict === 'drop') return undefined;
    return verdict === 'pass' ? adapter.log(...entry) : adapter.log(entry[0], WITHHELD);
  };
  return new Proxy(adapter, {
    get(target, name) {
      if (name === 'log') return log;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

const WITHHELD =
  'The integration hub withheld a line of this log: it names a function of the hub and may have its parameters or its result.';

/**
 * Decides about a line of the log. Parse Server 9 names the function in the data beside the message. In case a later
 * version does not, a line is recognized by the name anywhere in it, and withheld unless it is a plain sentence: an
 * unknown format costs a line, not a secret.
 */
function verdictOn(
  entry: readonly unknown[],
  own: ReadonlySet<string>,
): 'pass' | 'drop' | 'withhold' {
  const data = entry.slice(1);
  for (const part of data) {
    if (typeof part !== 'object' || part === null) continue;
    const { functionName, triggerType } = part as Readonly<Record<string, unknown>>;
    if (typeof functionName === 'string') return own.has(functionName) ? 'drop' : 'pass';
    if (typeof triggerType === 'string') return 'pass';
  }
  return data.some(hasData) && names(textOf(data), own) ? 'withhold' : 'pass';
}

function hasData(part: unknown): boolean {
  if (typeof part === 'string') return /[{["\n]/.test(part);
  return typeof part === 'object' && part !== null;
}

function textOf(data: readonly unknown[]): string {
  return data
    .map((part) => (typeof part === 'string' ? part : inspect(part, { depth: 6 })))
    .join('\n');
}

/** A path in the log may have escapes, as in `/functions/%63reateApiKey`, which Parse Server decodes. */
function names(text: string, own: ReadonlySet<string>): boolean {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decoded.match(/\w+/g)?.some((word) => own.has(word)) ?? false;
}
