import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const reencryptSecrets = defineJob({
  name: 'reencryptSecrets',
  summary:
    'Re-encrypts values of older encryption keys under the active key, and retires keys that are no longer used.',
  cron: '41 2 * * *',

  async run({ services }) {
    // Headers of integrations from before their values were encrypted. Each is checked once, also when others change it.
    for (let found = 1, rounds = 0; found > 0 && rounds < 1_000; rounds += 1) {
      found = await services.integrations.sealClearHeaders();
    }
    await services.vault.wakeReencrypt();
    await services.reencryptDue();
    const { keys, reencryption } = await services.vault.status();
    const old = keys
      .filter(({ state }) => state === 'decryptOnly')
      .reduce((sum, { encryptedValues }) => sum + encryptedValues, 0);
    const left = pluralize(old, 'value');
    return `Re-encrypted ${pluralize(reencryption?.reencrypted ?? 0, 'row')}; ${left} still encrypted under another key.`;
  },
});
