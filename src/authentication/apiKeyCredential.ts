import { looksLikeKey } from '../apiKeys/index.js';
import type { BearerKind } from './bearer.js';

/** API keys: `X-API-Key`, or `Authorization: Bearer`. */
export const apiKeyBearer: BearerKind = {
  header: 'x-api-key',
  schemes: ['bearer'],
  looksLike: looksLikeKey,
  async admit({ apiKeys }, { credential: key, req, calls: functions }) {
    const { origin, 'user-agent': agent } = req.headers;
    const request = { key, origin, agent, address: req.ip, functions };
    return (await apiKeys.callers.admit(request)).actor;
  },
};
