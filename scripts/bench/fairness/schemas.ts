import { signUp } from '../signUp.js';
import type { FairnessPart } from './part.js';

const EVENTS = 100;
const ITEMS = 1_000;

const QUIET_SCHEMA = {
  type: 'object',
  properties: { id: { type: 'integer' }, email: { type: 'string', format: 'email' } },
  required: ['id', 'email'],
};

/** A pattern that backtracks, and a comparison of each item with each other one. */
const LOUD_SCHEMA = {
  properties: { text: { pattern: '^(a+)+$' }, items: { uniqueItems: true } },
};

/** Events with a JSON Schema: of the loud organization, one hundred a call that are expensive to validate. */
export const schemas: FairnessPart = {
  what: 'schemas',
  async prepare(stage) {
    const quiet = await signUp(stage);
    await quiet.call('createEventType', { name: 'user.made', schema: QUIET_SCHEMA });
    const loud = await signUp(stage);
    await loud.call('createEventType', { name: 'load.made', schema: LOUD_SCHEMA });
    const items = Array.from({ length: ITEMS }, (_, n) => ({ n }));
    const data = { text: `${'a'.repeat(40)}!`, items };
    const events = Array.from({ length: EVENTS }, () => ({ type: 'load.made', data }));
    let id = 0;
    return {
      quiet: () =>
        quiet.call('publishEvent', {
          type: 'user.made',
          data: { id: (id += 1), email: 'ann@example.com' },
        }),
      quietEveryMs: 150,
      loud: {
        headers: loud.headers,
        calls: [{ name: 'publishEvents', params: { events } }],
        atOnce: 4,
      },
    };
  },
};
