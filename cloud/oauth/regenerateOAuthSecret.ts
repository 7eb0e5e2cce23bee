import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { defineFunction } from '../define.js';
import {
  oauthApp,
  oauthAppExample,
  oauthAppId,
  SECRET_EXAMPLE,
  shownSecret,
  showOAuthApp,
} from './oauthApp.js';

const { OAuthAppChanged, OAuthAppNotFound, OAuthAppWithoutSecret } = oauthErrors;

export const regenerateOAuthSecret = defineFunction({
  name: 'regenerateOAuthSecret',
  summary:
    'Generates a new client secret for an OAuth app, shown once. It acts as the caller, who becomes the app’s owner. The previous one works for overlapHours more, as the member who issued it.',
  access: { kind: 'permission', permission: 'oauthApps:write' },
  params: z.strictObject({
    organizationId,
    oauthAppId,
    overlapHours: z
      .number()
      .int()
      .min(0)
      .max(720)
      .default(24)
      .describe(
        'How long the previous secret still works, 0 to 720 (30 days). The next new secret ends it earlier.',
      ),
  }),
  result: z.strictObject({ oauthApp, clientSecret: shownSecret }),
  errors: { OAuthAppNotFound, OAuthAppWithoutSecret, OAuthAppChanged },
  example: {
    params: { oauthAppId: oauthAppExample.id, overlapHours: 24 },
    result: { oauthApp: oauthAppExample, clientSecret: SECRET_EXAMPLE },
  },

  async handle({ params: { oauthAppId: id, overlapHours }, actor, organization, services }) {
    const { apps } = services.oauth;
    const { row, secret } = await apps.regenerateSecret({ actor, organization }, id, overlapHours);
    return { oauthApp: showOAuthApp(row, services.now()), clientSecret: secret };
  },
});
