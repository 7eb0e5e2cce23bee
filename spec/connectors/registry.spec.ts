import { createConnectors } from '../../src/connectors/index.js';
import { templates } from '../../templates/index.js';

const registry = createConnectors(templates);
const slack = registry.get('slack');
const [recommended, second] = Object.keys(slack.auth);

describe('the auth method of a connector', () => {
  it('is the recommended one by default', () => {
    expect(registry.getAuthMethod(slack, undefined)).toEqual({
      name: recommended,
      authMethod: slack.auth[recommended ?? ''],
    });
  });

  it('is the one that is named', () => {
    expect(registry.getAuthMethod(slack, second).name).toBe(second);
  });

  it.each(['unknown', '__proto__', 'toString'])(
    'is refused by name, with the known ones: %s',
    (name) => {
      const known = Object.keys(slack.auth).join(', ');
      expect(() => registry.getAuthMethod(slack, name)).toThrow(
        `The connector slack has no such authMethod. Its auth methods are: ${known}.`,
      );
    },
  );
});
