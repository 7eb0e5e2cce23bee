import { defineJob } from '../define.js';
import { counted } from './counted.js';

export const rewrapSecrets = defineJob({
  name: 'rewrapSecrets',
  summary:
    'Seals under the active encryption key what is under another, and retires the keys that nothing needs any more.',
  cron: '41 2 * * *',

  async run({ services }) {
    await services.vault.wakeReseal();
    await services.reseal();
    const { keys, reseal } = await services.vault.status();
    const old = keys
      .filter(({ state }) => state === 'decryptOnly')
      .reduce((sum, { sealedValues }) => sum + sealedValues, 0);
    const left = counted(old, 'value');
    return `Sealed anew ${counted(reseal?.resealed ?? 0, 'row')}; ${left} still under another key.`;
  },
});
