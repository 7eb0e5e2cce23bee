import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/**
 * Returns the structured log, one JSON line per entry. Nothing that a caller or a receiver sent is logged as it came:
 * see src/audit/record/redact.ts for parameters. The paths below are a second barrier for values that should never get
 * here.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    redact: [
      'secret',
      '*.secret',
      'password',
      '*.password',
      'headers.authorization',
      'token',
      '*.token',
    ],
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Describes an error by type, message and stack only: the other fields of a database error may contain the row that it
 * failed on.
 */
function describeError(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : { type: typeof error };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
