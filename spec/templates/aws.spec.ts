import { authorise, buildRequest, identityOf } from '../../src/connectors/index.js';
import { type ActionRequest, path, problemOfField } from '../../src/contract/index.js';
import { awsS3, awsSns, awsSqs } from '../../templates/aws/index.js';

describe('a region', () => {
  it.each([
    ['us-east-1', true],
    ['us-gov-west-1', true],
    ['ap-southeast-5', true],
    ['cn-north-1', false],
    ['evil.example/', false],
    ['us-east-1.evil', false],
    ['', false],
  ])('%j: %s', (region, expected) => {
    for (const { fields } of [awsS3, awsSns, awsSqs])
      expect(problemOfField('region', fields.region, region) === undefined).toBe(expected);
  });
});

describe('the test of a key', () => {
  it.each([
    ['arn:aws:iam::123456789012:user/Alice', 'Alice'],
    ['arn:aws:iam::123456789012:user/division/Bob', 'Bob'],
    ['arn:aws:iam::123456789012:root', 'root'],
    ['arn:aws:sts::123456789012:assumed-role/demo/TestAR', 'TestAR'],
  ])('tells that it is that of %s', (Arn, name) => {
    const body = awsSqs.read(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${Arn}</Arn><UserId>A</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
    expect(identityOf(awsSqs.test, { headers: {}, body })).toEqual({ id: Arn, name });
  });

  it('is signed for STS, and everything else for its own service', () => {
    for (const connector of [awsS3, awsSns, awsSqs]) {
      const { service } = connector.auth.accessKey;
      const scopeOf = (request: ActionRequest) => {
        const authorised = authorise(buildRequest(connector, request, { region: 'us-east-2' }), {
          way: connector.auth.accessKey,
          credential: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
          fields: { region: 'us-east-2' },
          now: new Date('2026-01-02T03:04:05Z'),
        });
        return /Credential=\w+\/(\S+)\/aws4_request/.exec(
          authorised.headers['authorization'] ?? '',
        )?.[1];
      };
      expect(scopeOf(connector.test.request)).toBe('20260102/us-east-2/sts');
      expect(scopeOf({ method: 'GET', path: path`/` })).toBe(`20260102/us-east-2/${service}`);
    }
  });
});
