import type { ConnectorSpec, TriggerSpec } from '../../src/contract/index.js';
import { actionSections } from './connectorActions.js';
import { authMethodSections, limitSections } from './connectorAuthMethods.js';
import { code, link, prose, table, titleOf } from './markdown.js';

/** Returns the text of templates/REFERENCE.md: every connector as it is declared. The same input gives the same text. */
export function connectorsPage(connectors: readonly ConnectorSpec[]): string {
  const sections = [
    '# Connectors',
    'Generated from the declarations by `npm run docs`. Do not edit. [README.md](README.md) explains how to write one.',
    'Support: **community**: as contributed; **verified**: compared with the documentation on the day given; **official**: tested against an emulator or the service.',
    table(
      ['Connector', 'Key', 'What it is for', 'Actions', 'Support'],
      connectors.map((each) => [
        link(each.name),
        code(each.key),
        prose(each.description),
        String(each.actions.length),
        each.support,
      ]),
    ),
    ...connectors.flatMap(connectorSections),
  ];
  return `${sections.join('\n\n')}\n`;
}

function connectorSections(connector: ConnectorSpec): string[] {
  const { key, name, category, description, docs, support, version, checkedOn } = connector;
  const { servers, setup, dependsOn = [] } = connector;
  return [
    `## ${name}`,
    prose(description),
    [
      `- Key ${code(key)}, category ${category}, version ${version}.`,
      `- Support: ${support}; compared with [its documentation](${docs}) on ${checkedOn}.`,
      `- Requests go to ${Object.values(servers).map(code).join(', ')}.`,
      ...(dependsOn.length > 0 ? [`- Needs ${dependsOn.map(code).join(', ')} first.`] : []),
    ].join('\n'),
    '**Setup**',
    setup.map((step, nth) => `${nth + 1}. ${prose(step)}`).join('\n'),
    ...authMethodSections(connector),
    ...testSections(connector),
    ...limitSections(connector),
    ...triggerSections(connector),
    ...syncSections(connector),
    ...actionSections(connector.actions),
  ];
}

function testSections({ test, tests = {} }: ConnectorSpec): string[] {
  const line = ({ request, example }: typeof test) =>
    `${code(`${request.method} ${example.url}`)} checks the credential and identifies its account`;
  const others = Object.entries(tests).map(
    ([authMethod, each]) => `- With ${code(authMethod)}: ${line(each)}.`,
  );
  return [
    '**Connection test**',
    [`${line(test)}.`, ...(others.length > 0 ? ['', ...others] : [])].join('\n'),
  ];
}

function triggerSections({ triggers = [] }: ConnectorSpec): string[] {
  if (triggers.length === 0) return ['**Triggers**: none.'];
  return [
    '**Triggers**',
    table(
      ['Trigger', 'When', 'Recognized by'],
      triggers.map((trigger) => [
        code(trigger.name),
        `${prose(trigger.summary)} ([docs](${trigger.docs}))`,
        signsOf(trigger),
      ]),
    ),
  ];
}

function signsOf({ match }: TriggerSpec): string {
  if (match === undefined) return '';
  return [match]
    .flat()
    .map((sign) =>
      'at' in sign
        ? `${code(sign.at)} is ${code(sign.is)}`
        : `header ${code(sign.header)} is ${code(sign.is)}`,
    )
    .join(' and ');
}

function syncSections({ sync = [] }: ConnectorSpec): string[] {
  if (sync.length === 0) return ['**Synchronization**: none.'];
  return [
    '**Synchronization**',
    table(
      ['Entity', 'Listed by', 'Id', 'Changed since', 'Deleted when'],
      sync.map(({ name, action, id, changed, deleted }) => [
        titleOf(name),
        code(action),
        code(id),
        changed === undefined
          ? ''
          : `${code(changed.at)}${changed.param === undefined ? '' : `, requested with ${code(changed.param)}`}`,
        deleted === undefined
          ? 'a full run'
          : `${code(deleted.at)} is ${code(JSON.stringify(deleted.is))}`,
      ]),
    ),
  ];
}
