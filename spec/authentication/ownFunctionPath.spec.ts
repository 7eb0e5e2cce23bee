import { pathKind } from '../../src/authentication/ownFunctionPath.js';

const isOwn = (name: string) => name === 'hub_getWebhooks';

describe('a path of Parse Server', () => {
  it.each([
    '/functions/hub_getWebhooks',
    '//functions/hub_getWebhooks',
    '//functions//hub_getWebhooks/',
    '/functions/hub_getWebhooks/?a=1',
    '/Functions/hub_getWebhooks',
    '/functions/hub_get%57ebhooks',
    '/functions/x/../hub_getWebhooks',
    '/v1/functions/hub_getWebhooks#x',
  ])('calls a function of the hub: %s', (url) => {
    expect(pathKind(url, isOwn)).toBe('own');
  });

  it.each(['/batch', '/batch/', '//batch?x=1', '/Batch', '/v1/batch', '/%62atch'])(
    'may call one: %s',
    (url) => {
      expect(pathKind(url, isOwn)).toBe('batch');
    },
  );

  it.each([
    '',
    '/',
    '/functions/getWebhooks',
    '/functions/hub_getwebhooks',
    '/functions/%',
    '/functions/hub_getWebhooks/more',
    '/classes/batchJob',
    '/classes/functions',
    '/classes/Thing/hub_getWebhooks',
    '/jobs/hub_getWebhooks',
    '/classes/Thing?x=/functions/hub_getWebhooks',
  ])('is of the host: %s', (url) => {
    expect(pathKind(url, isOwn)).toBe('host');
  });
});
