import { LookupFailed, TargetBlocked } from '../../../src/platform/http/connect.js';
import { explainFailure, explainTimeout, type Phase } from '../../../src/platform/http/failure.js';

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('explainFailure', () => {
  it.each([
    ['ECONNREFUSED', 'connecting', 'refused', 'refused the connection, or no route'],
    ['EHOSTUNREACH', 'connecting', 'refused', 'no route leads to it'],
    ['ENETUNREACH', 'connecting', 'refused', 'no route leads to it'],
    ['EAFNOSUPPORT', 'connecting', 'refused', 'no route leads to it'],
    ['ETIMEDOUT', 'connecting', 'timeout', 'did not accept a connection within 1.5 seconds'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connecting', 'timeout', 'did not accept a connection'],
    ['ECONNRESET', 'connecting', 'reset', 'before the request could be sent'],
    ['ECONNRESET', 'sent', 'reset', 'without a response'],
    ['EPIPE', 'sent', 'reset', 'without a response'],
    ['UND_ERR_SOCKET', 'receiving', 'reset', 'in the middle of its response'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'receiving', 'reset', 'in the middle of its response'],
    ['HPE_INVALID_EOF_STATE', 'receiving', 'reset', 'in the middle of its response'],
    ['HPE_INVALID_CONSTANT', 'sent', 'protocol', 'not valid HTTP/1.1'],
    ['UND_ERR_HEADERS_OVERFLOW', 'sent', 'protocol', 'longer than 16 KiB'],
    ['CERT_HAS_EXPIRED', 'connecting', 'tls', 'The certificate of the receiver has expired.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'connecting', 'tls', 'is self-signed'],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'connecting',
      'tls',
      'without its intermediate certificates',
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connecting', 'tls', 'is for another host name'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'connecting', 'tls', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['EPROTO', 'connecting', 'tls', 'No secure connection could be made'],
    ['UND_ERR_DESTROYED', 'connecting', 'aborted', 'The hub aborted the request'],
  ] as const)('calls %s while %s %s', (...[code, phase, reason, message]) => {
    expect(explainFailure(withCode(code, 'connect 10.1.2.3:443'), phase, 1_500)).toEqual({
      reason,
      message: expect.stringContaining(message),
    });
  });

  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'SOMETHING_NEW'])(
    'blames no receiver for %s while nothing is sent',
    (code) => {
      expect(explainFailure(withCode(code), 'connecting', 0)).toBeUndefined();
      expect(explainFailure(withCode(code), 'queued', 0)).toBeUndefined();
    },
  );

  it('takes whatever goes wrong on a connection for the receiver’s doing', () => {
    for (const phase of ['sent', 'receiving'] satisfies Phase[]) {
      expect(explainFailure(new Error('assertion'), phase, 0)).toMatchObject({
        reason: 'protocol',
      });
    }
  });

  it('distinguishes an unknown name from a failure of DNS', () => {
    const unknown = new LookupFailed('a.example', withCode('ENOTFOUND'));
    const broken = new LookupFailed('a.example', withCode('ETIMEOUT'));
    expect([unknown, broken].map((error) => explainFailure(error, 'connecting', 0))).toEqual([
      { reason: 'dns', message: 'No address is known for the host a.example.' },
      { reason: 'dns', message: 'The address of the host a.example could not be looked up.' },
    ]);
  });

  it('never says which address was blocked', () => {
    expect(explainFailure(new TargetBlocked('a.example'), 'connecting', 0)).toEqual({
      reason: 'blocked',
      message: expect.stringMatching(
        /^The host a\.example resolves to a private or reserved address\. /,
      ),
    });
  });
});

describe('explainTimeout', () => {
  it.each([
    ['queued', 15_000, 'all connections to this receiver were busy for 15 seconds'],
    ['connecting', 10_040, 'did not accept a connection within 10 seconds'],
    ['sent', 1_500, 'did not respond within 1.5 seconds'],
    ['receiving', 100, 'did not finish its response within 0.1 seconds'],
  ] as const)('says of %s after %d ms: %s', (phase, afterMs, message) => {
    expect(explainTimeout(phase, afterMs)).toEqual({
      reason: 'timeout',
      message: expect.stringContaining(message),
    });
  });
});
