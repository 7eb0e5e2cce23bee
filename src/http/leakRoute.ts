import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';

import type { Services } from '../app/services.js';
import { AppError, commonErrors } from '../contract/index.js';
import { requestIdOf } from '../platform/requestId.js';

/** The name of a report in the audit log. */
const LEAK_REPORT = 'leaks/api-keys';

const KEYS_MAX = 100;
const secrets = z.array(z.string().max(1_000)).min(1).max(KEYS_MAX);

/**
 * `{ keys }`, or the formats of GitHub: the report to partners of secret scanning, or the request to GitHub's own
 * revocation API.
 */
const report = z.union([
  z.object({ keys: secrets }).transform(({ keys }) => keys),
  // https://docs.github.com/en/rest/credentials/revoke
  z.object({ credentials: secrets }).transform(({ credentials }) => credentials),
  // https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
  z
    .array(z.object({ token: z.string().max(1_000) }))
    .min(1)
    .max(KEYS_MAX)
    .transform((found) => found.map(({ token }) => token)),
]);

const PROBLEM = `Send {"keys": ["…"]} as JSON, 1 to ${String(KEYS_MAX)} of them.`;

/**
 * `POST /leaks/api-keys`: revokes keys that were found where they do not belong. Possession of a key is enough to
 * revoke it, so there is no authentication. The key's organization is notified; the response does not show whether a
 * key was one of the hub's.
 */
export function leakRoute(services: () => Services): RequestHandler[] {
  const read = express.json({ limit: '256kb', type: () => true });
  return [
    (req, res, next) => {
      read(req, res, (error?: unknown) => {
        if (error === undefined) next();
        else refuse(res, commonErrors.InvalidParameters({ problems: PROBLEM }));
      });
    },
    (req: Request, res: Response, next: NextFunction) => {
      respond(services(), req, res).catch(next);
    },
  ];
}

async function respond(services: Services, req: Request, res: Response): Promise<void> {
  const parsed = report.safeParse(req.body);
  if (!parsed.success) {
    refuse(res, commonErrors.InvalidParameters({ problems: PROBLEM }));
    return;
  }
  try {
    await end(services, req, parsed.data);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuse(res, error);
    return;
  }
  res
    .status(202)
    .json({ message: 'Thank you. Every key of this hub among them has been revoked.' });
}

async function end({ apiKeys, audit }: Services, req: Request, keys: string[]): Promise<void> {
  const ended = await apiKeys.reportLeaks({ keys, address: req.ip });
  for (const { apiKeyId, organizationId } of ended) {
    await audit.record({
      organizationId,
      function: LEAK_REPORT,
      actor: 'anonymous',
      outcome: 'ok',
      rows: { apiKeyId },
      params: {},
      requestId: requestIdOf(req.headers),
      address: req.ip,
      agent: req.headers['user-agent'],
    });
  }
}

function refuse(res: Response, { spec, message, detail }: AppError): void {
  const retryAfter = detail?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') res.set('Retry-After', String(retryAfter));
  res.status(spec.status).json({ code: spec.code, error: message });
}
