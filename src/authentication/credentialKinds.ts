import { looksLikeKey } from '../apiKeys/index.js';
import { looksLikeAccessToken } from '../oauth/index.js';
import type { BearerKind } from './gateway.js';
import { publicUrlOf } from './publicUrl.js';

/** API keys: `X-API-Key`, or `Authorization: Bearer`. */
const apiKeyBearer: BearerKind = {
  header: 'x-api-key',
  schemes: ['bearer'],
  looksLike: looksLikeKey,
  async admit({ apiKeys }, { credential: key, req, calls: functions, onLimits }) {
    const { origin, 'user-agent': agent } = req.headers;
    const request = { key, origin, agent, address: req.ip, functions };
    const { actor, limits } = await apiKeys.callers.admit(request);
    onLimits(limits);
    return actor;
  },
};

/** Access tokens of OAuth apps: `Authorization: Bearer`, or `DPoP` with a proof where they are bound to a key. */
const oauthBearer: BearerKind = {
  schemes: ['bearer', 'dpop'],
  looksLike: looksLikeAccessToken,
  async admit({ oauth }, { credential: token, scheme, req }) {
    const { dpop } = req.headers;
    const proof = scheme === 'dpop' ? String(dpop ?? '') : undefined;
    const method = req.method ?? '';
    return oauth.callers.admit({ token, proof, method, url: publicUrlOf(req) });
  },
};

/** Every kind of credential that makes a program a caller. */
export const BEARERS: readonly BearerKind[] = [apiKeyBearer, oauthBearer];
