import { looksLikeAccessToken } from '../oauth/index.js';
import type { BearerKind } from './bearer.js';

/** Access tokens of OAuth apps: `Authorization: Bearer`, or `DPoP` with a proof where they are bound to a key. */
export const oauthBearer: BearerKind = {
  schemes: ['bearer', 'dpop'],
  looksLike: looksLikeAccessToken,
  async admit({ oauth }, { credential: token, scheme, req }) {
    const { dpop } = req.headers;
    const { serverURL = '', publicServerURL = serverURL } = req.config;
    const { origin } = new URL(publicServerURL);
    const proof = scheme === 'dpop' ? String(dpop ?? '') : undefined;
    const method = req.method ?? '';
    return oauth.callers.admit({ token, proof, method, url: `${origin}${req.originalUrl}` });
  },
};
