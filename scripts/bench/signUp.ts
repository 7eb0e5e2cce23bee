import type { Stage } from './stage.js';

/** A user with an organization. */
export interface Caller {
  readonly userId: string;
  readonly organizationId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Calls a cloud function as that user and returns its result. */
  call(name: string, params: object): Promise<unknown>;
}

export async function signUp({ parseUrl, appId }: Stage): Promise<Caller> {
  const application = { 'x-parse-application-id': appId };
  const post = async (path: string, headers: Record<string, string>, body: unknown) => {
    const response = await fetch(`${parseUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...application, ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} responded ${await response.text()}`);
    return await response.json();
  };
  const username = `bench${String(process.hrtime.bigint())}`;
  const user = await post('users', {}, { username, password: 'a-long-Passphrase-1' });
  const { sessionToken, objectId } = user as { sessionToken: string; objectId: string };
  const session = { 'x-parse-session-token': sessionToken };
  const call = async (name: string, params: object) => {
    const response = await post(`functions/${name}`, session, params);
    return (response as { result: unknown }).result;
  };
  const { organization } = (await call('createOrganization', { name: 'Bench' })) as {
    organization: { id: string };
  };
  return {
    userId: objectId,
    organizationId: organization.id,
    call,
    headers: { ...application, ...session },
  };
}
