// A team and its webhooks, for specs of deliveries, on the hub that the worker shares.
import type { Client } from '../../cloud/manifest.js';
import { shareHub, type TestHub } from '../support/hub.js';
import { startTeam, type Team } from './team.js';
import { type WebhookCases, webhookCases } from './webhookCases.js';

export let hub: TestHub;
export let team: Team;
/** The typed client of the owner. */
export let client: Client;
export let cases: WebhookCases;

/** Call once in a file, in its outermost describe. */
export function useWebhookTeam(): void {
  beforeAll(async () => {
    hub = await shareHub();
    team = await startTeam(hub);
    client = hub.as(team.owner);
    cases = webhookCases(hub, team);
  });
  afterEach(() => cases.end());
  afterAll(() => hub.stop());
}
