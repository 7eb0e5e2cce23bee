import { z } from 'zod';

import { vaultErrors } from '../../src/vault/index.js';
import { defineFunction } from '../define.js';

const { KeyReplaced, KeysKeptElsewhere } = vaultErrors;

export const rotateEncryptionKey = defineFunction({
  name: 'rotateEncryptionKey',
  summary:
    'Creates a new encryption key, uses it from now on, and starts to re-encrypt all values of the previous one.',
  access: { kind: 'master' },
  params: z.strictObject({
    activeKeyId: z
      .string()
      .min(1)
      .max(64)
      .describe(
        'The id of the key to replace, from getEncryptionStatus. Only one of several concurrent rotations succeeds.',
      ),
    stage: z
      .boolean()
      .default(false)
      .describe(
        'Creates the key without using it yet, so that every process can load it first. Rotate again without `stage` to use it.',
      ),
  }),
  result: z.strictObject({
    activeKeyId: z.string().describe('The key that encrypts from now on.'),
  }),
  errors: { KeyReplaced, KeysKeptElsewhere },
  example: {
    params: { activeKeyId: '0mhc6xwzk3v9q2t8r4ynb1pde' },
    result: { activeKeyId: '0mhd2xwzk3v9q2t8r4ynb1pdf' },
  },

  async handle({ params, services }) {
    await services.vault.rotate({ replace: params.activeKeyId, stage: params.stage });
    const { keys } = await services.vault.status();
    return { activeKeyId: keys.find(({ state }) => state === 'active')?.id ?? '' };
  },
});
