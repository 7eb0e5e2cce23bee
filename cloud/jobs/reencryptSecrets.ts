import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const reencryptSecrets = defineJob({
  name: 'reencryptSecrets',
  summary:
    'Seals under the active encryption key what is under another, and retires the keys that nothing needs any more.',
  cron: '41 2 * * *',

  async run({ services }) {
    await services.vault.wakeReencrypt();
    await services.reencryptDue();
    const { keys, reencryption: reseal } = await services.vault.status();
    const old = keys
      .filter(({ state }) => state === 'decryptOnly')
      .reduce((sum, { encryptedValues }) => sum + encryptedValues, 0);
    const left = pluralize(old, 'value');
    return `Sealed anew ${pluralize(reseal?.reencrypted ?? 0, 'row')}; ${left} still under another key.`;
  },
});
