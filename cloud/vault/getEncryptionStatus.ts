import { z } from 'zod';

import { defineFunction } from '../define.js';

const when = z.iso.datetime();

export const getEncryptionStatus = defineFunction({
  name: 'getEncryptionStatus',
  summary:
    'Returns the encryption keys, the number of values encrypted under each, and the progress of re-encryption.',
  access: { kind: 'master' },
  reads: true,
  params: z.strictObject({}),
  result: z.strictObject({
    keys: z
      .array(
        z.strictObject({
          id: z.string(),
          state: z
            .enum(['staged', 'active', 'decryptOnly', 'retired'])
            .describe(
              'staged: created, but not used yet. decryptOnly: replaced, but still needed. retired: no longer used.',
            ),
          generation: z.number(),
          iterations: z.number().describe('The iterations of PBKDF2-HMAC-SHA256.'),
          encryptedValues: z
            .number()
            .describe('The number of values currently encrypted under the key.'),
          usedByHost: z
            .boolean()
            .describe(
              'Whether hub.vault encrypted values with it. Such a key retires only with the option vault.',
            ),
          createdAt: when,
          activatedAt: when.optional(),
          replacedAt: when.optional(),
          retiredAt: when.optional(),
        }),
      )
      .describe('The keys, oldest first; empty when the host’s key service holds them.'),
    reencryption: z
      .strictObject({
        rows: z.number().describe('Rows checked.'),
        reencrypted: z.number().describe('Rows re-encrypted.'),
        left: z
          .number()
          .describe('Rows that changed at the same time; the next round re-encrypts them.'),
        broken: z
          .number()
          .describe(
            'Rows with a value that cannot be decrypted; they stay as they are, and the log names them.',
          ),
        finishedAt: when.optional().describe('Absent while it runs.'),
      })
      .optional()
      .describe('The latest re-encryption; absent when there was none.'),
  }),
  errors: {},
  example: {
    params: {},
    result: {
      keys: [
        {
          id: '0mhc6xwzk3v9q2t8r4ynb1pde',
          state: 'active',
          generation: 1,
          iterations: 600_000,
          encryptedValues: 42,
          usedByHost: false,
          createdAt: '2026-01-02T03:04:05.000Z',
          activatedAt: '2026-01-02T03:04:05.000Z',
        },
      ],
    },
  },

  async handle({ services }) {
    const { keys, reencryption } = await services.vault.status();
    return {
      keys: keys.map(
        ({ id, state, generation, iterations, encryptedValues, usedByHost, ...dates }) => ({
          id,
          generation,
          iterations,
          encryptedValues,
          usedByHost: usedByHost === true,
          state: state as 'staged' | 'active' | 'decryptOnly' | 'retired',
          createdAt: dates.createdAt.toISOString(),
          ...(dates.activatedAt && { activatedAt: dates.activatedAt.toISOString() }),
          ...(dates.replacedAt && { replacedAt: dates.replacedAt.toISOString() }),
          ...(dates.retiredAt && { retiredAt: dates.retiredAt.toISOString() }),
        }),
      ),
      ...(reencryption && {
        reencryption: {
          rows: reencryption.rows,
          reencrypted: reencryption.reencrypted,
          left: reencryption.left,
          broken: reencryption.broken,
          ...(reencryption.finishedAt !== undefined && { finishedAt: reencryption.finishedAt }),
        },
      }),
    };
  },
});
