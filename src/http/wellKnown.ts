import express, { type NextFunction, type Request, type Response, type Router } from 'express';

import type { Services } from '../app/services.js';
import { parseUrl } from '../contract/index.js';

/** The parts of the metadata that do not change. */
export interface WellKnownOptions {
  /** The public URL of the hub. */
  readonly publicUrl: string;
  /** Available once Parse Server has started. */
  services(): Pick<Services, 'oauth'>;
}

/**
 * The metadata that clients look for at the root of a host, with the path of the issuer or resource after it: of the
 * authorization server (RFC 8414, OpenID Connect Discovery) and of what accepts its tokens, Parse Server and the host's
 * `resources` of the same origin (RFC 9728). All other requests pass.
 */
export function wellKnownRouter({ publicUrl, services }: WellKnownOptions): Router {
  const router = express.Router();
  const issuer = new URL(`${publicUrl}/oauth`);
  router.use('/.well-known', (_req, res, next) => {
    try {
      services();
      next();
    } catch {
      res.status(503).json({ error: 'Parse Server has not started yet. Try again in a moment.' });
    }
  });
  for (const name of ['oauth-authorization-server', 'openid-configuration']) {
    router.get(literal(`/.well-known/${name}${issuer.pathname}`), (req, res, next) => {
      // The authorization server routes by what is below its own path.
      req.url = `/.well-known/${name}`;
      services().oauth.handle(req, res, next);
    });
  }
  router.get(/^\/\.well-known\/oauth-protected-resource(?:\/|$)/, (req, res, next) => {
    sendResource(services().oauth, { req, res, next, origin: issuer.origin });
  });
  return router;
}

/** Returns a pattern for exactly this path: a path may have characters that Express gives a meaning. */
function literal(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

/** Returns the URL of a resource's metadata: https://www.rfc-editor.org/rfc/rfc9728#section-3.1 */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  const path = pathname === '/' ? '' : pathname;
  return `${origin}/.well-known/oauth-protected-resource${path}${search}`;
}

/**
 * What the metadata of a resource says. Parse Server names no scopes: clients such as those of MCP request all that are named,
 * and an app that lacks one of them would be refused. Those of the authorization server are complete.
 */
interface Described {
  readonly identifier: string;
  readonly name?: string | undefined;
  readonly scopes?: readonly string[];
}

function sendResource(
  { issuer, resources }: Services['oauth'],
  { req, res, next, origin }: { req: Request; res: Response; next: NextFunction; origin: string },
): void {
  const parse = resources.parseUrl();
  const all: readonly Described[] = [
    ...(parseUrl(parse) ? [{ identifier: parse, name: 'Parse Server' }] : []),
    ...resources.hosts,
  ];
  const found = all.find(({ identifier }) => {
    const url = new URL(identifier);
    return url.origin === origin && resourceMetadataUrl(identifier) === `${origin}${req.url}`;
  });
  if (!found) {
    next();
    return;
  }
  // Scripts of any origin may read it: it is public. https://www.rfc-editor.org/rfc/rfc9728#section-2
  res.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=3600' }).json({
    resource: found.identifier,
    ...(found.name !== undefined && { resource_name: found.name }),
    authorization_servers: [issuer],
    ...(found.scopes && { scopes_supported: found.scopes }),
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
  });
}
