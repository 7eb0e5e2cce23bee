import { checkTargets, connectorFromOpenApi } from '../../../src/connectors/index.js';
import { problemsOfConnector } from '../../../src/contract/index.js';
import { parseAllowList } from '../../../src/platform/http/index.js';
import { isLong } from '../../support/rounds.js';
import { foreignDocument, SAMPLE } from './foreignDocuments.js';
import { operationsIn } from './inputs.js';
import { sweepDocument } from './sweepDocument.js';

/** GitHub has 845, and Ajv compiles each. The long form calls all. */
const OPERATIONS_MAX = isLong ? Infinity : 12;

// `sweep.ts` does the same with all 2,639 documents.
describe.each(SAMPLE)('%s', (file, options) => {
  const document = foreignDocument(file);
  const connector = connectorFromOpenApi(document, { key: 'foreign', ...options });

  it('has every operation of the document, each by a name of its own', () => {
    const names = connector.actions.map(({ name }) => name);
    expect(names).toHaveLength(operationsIn(document).length);
    expect(new Set(names).size).toBe(names.length);
    expect(problemsOfConnector(connector)).toEqual([]);
  });

  it('sends what the document describes, with required input and with all input', () => {
    const { operations, callable, full, problems } = sweepDocument(
      document,
      connector,
      OPERATIONS_MAX,
    );
    expect(problems).toEqual([]);
    expect(operations).toBe(Math.min(connector.actions.length, OPERATIONS_MAX));
    expect({ callable, full }).toEqual({ callable: operations, full: operations });
  });
});

// By default a credential is sent over https and nowhere else.
it.each(SAMPLE.filter(([, options]) => options.upgradeHttp === true))(
  '%s is called over plain http where the hub lets it through, and nowhere else',
  (file) => {
    const connector = connectorFromOpenApi(foreignDocument(file), { key: 'foreign' });
    const servers = Object.values(connector.servers);
    const hostnames = servers.map((server) => new URL(server.replace(/\{\w+\}/g, '1')).hostname);
    expect(servers[0]).toMatch(/^http:/);
    const check = (allowed: string) => () =>
      checkTargets(connector, { allowHttp: false, allowed: parseAllowList(allowed) });
    expect(check('')).toThrow(/^The connector foreign has the URL http:.* upgradeHttp\.$/);
    expect(check(hostnames.join(','))).not.toThrow();
  },
);

it.each(SAMPLE.filter(([, options]) => options.server !== undefined))(
  '%s is refused with a sentence without %j',
  (file) => {
    const load = () => connectorFromOpenApi(foreignDocument(file), { key: 'foreign' });
    expect(load).toThrow(/^This OpenAPI document cannot be used: its server cannot be used: .*\.$/);
  },
);
