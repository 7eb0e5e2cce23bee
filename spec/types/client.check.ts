// Compiled by `npm run types`, never run: each line marked as an error must be one.
import type ParseBrowser from 'parse';
import Parse from 'parse/node';

import { createHubClient } from '../../client.js';

declare const parseOfBrowser: typeof ParseBrowser;

export async function check(): Promise<void> {
  const hub = createHubClient(Parse);
  createHubClient(parseOfBrowser, { prefix: 'hub_', sessionToken: 'r:1' });

  const { organization } = await hub.createOrganization({ name: 'Acme' });
  const id: string = organization.id;
  const role: 'owner' | 'admin' | 'developer' | 'viewer' | undefined = organization.role;

  // If each parameter is optional, the argument is too; parameters with a default are optional.
  const page = await hub.getOrganizations();
  const next: string | undefined = page.nextCursor;
  await hub.getOrganizations({ limit: 5, cursor: next });
  await hub.updateOrganization({ organizationId: id, name: role ?? 'Acme Ltd' });
  await hub.inviteOrganizationMember({ email: 'ada@example.com', role: 'viewer' });

  // @ts-expect-error -- the name is needed
  await hub.createOrganization();
  // @ts-expect-error -- a name is text
  await hub.createOrganization({ name: 1 });
  // @ts-expect-error -- unknown parameters are refused by the server, so they do not compile
  await hub.getOrganizations({ page: 2 });
  // @ts-expect-error -- there is no such role
  await hub.inviteOrganizationMember({ email: 'ada@example.com', role: 'boss' });
  // @ts-expect-error -- there is no such function
  await hub.makeOrganization({ name: 'Acme' });
  // @ts-expect-error -- results are typed too
  const wrong: number = organization.id;
  // @ts-expect-error -- a client is not a Parse
  createHubClient({});
  // @ts-expect-error -- nor are there other options
  createHubClient(Parse, { masterKey: wrong });
}
