import type { Client } from '../../cloud/manifest.js';
import { startTeam, type Team } from '../cloud/team.js';
import {
  type Caller,
  type Json,
  shareHub,
  startHub,
  type TestHub,
  type TestHubOptions,
} from '../support/hub.js';

/** A team whose owner creates keys. */
export interface KeySetting {
  readonly hub: TestHub;
  readonly team: Team;
  readonly organizationId: string;
  /** Creates a key of the owner that may read webhooks, unless `given` overrides it. */
  make(given?: Partial<Parameters<Client['createApiKey']>[0]>): Promise<MadeKey>;
  /** Calls a function with a key, as third parties do: without an application id. */
  call(key: string, name: string, params?: object, headers?: object): Promise<ApiResponse>;
}

interface MadeKey {
  readonly key: string;
  readonly id: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export async function startKeys(options?: TestHubOptions): Promise<KeySetting> {
  const hub = await (options ? startHub(options) : shareHub());
  const team = await startTeam(hub);
  const { organizationId } = team;
  return {
    hub,
    team,
    organizationId,
    async make(given = {}) {
      const { apiKey, key } = await hub.as(team.owner).createApiKey({
        organizationId,
        name: 'made',
        scopes: ['webhooks:read'],
        ...given,
      });
      return { key, id: apiKey.id };
    },
    call: (key, name, params = {}, headers = {}) =>
      post(hub, `/functions/${name}`, params, { 'x-api-key': key, ...headers }),
  };
}

/** Sends a request as it is, without additions. */
export async function post(
  { url }: Pick<TestHub, 'url'>,
  path: string,
  body: object,
  headers: object = {},
): Promise<ApiResponse> {
  const response = await fetch(`${url}/parse${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(await response.text()),
  };
}

export const asKey = (key: string): Caller => ({ headers: { 'x-api-key': key } });
