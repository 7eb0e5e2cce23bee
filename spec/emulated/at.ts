import { type ConnectorSpec, defineConnector, type OAuth2Code } from '../../src/contract/index.js';

/** What of a template is told otherwise, so that it speaks to an emulator. */
export interface Elsewhere {
  readonly servers: Readonly<Record<string, string>>;
  /** By the name of a way to connect. */
  readonly consent?: Readonly<
    Record<
      string,
      {
        readonly authorizeUrl: string;
        readonly tokenUrl: string;
        readonly revokeUrl?: string;
      }
    >
  >;
  /** What the emulator has no answer to; each use says why. */
  readonly instead?: Partial<Pick<ConnectorSpec, 'actions' | 'test'>>;
}

/** A host's connector made from a template: the same in all but where it is, with the key of the template and `Emulated`. */
export function at<Template extends ConnectorSpec>(
  template: Template,
  { servers, consent = {}, instead = {} }: Elsewhere,
): ConnectorSpec {
  const auth = Object.entries(template.auth).map(([name, authMethod]) => {
    const endpoints = consent[name];
    if (authMethod.kind !== 'oauth2Code' || endpoints === undefined)
      return [name, authMethod] as const;
    const { authorizeUrl, tokenUrl, revokeUrl } = endpoints;
    const { revoke, ...others } = authMethod;
    const moved: OAuth2Code = {
      ...others,
      authorizeUrl,
      tokenUrl,
      ...(revoke && revokeUrl !== undefined && { revoke: { ...revoke, url: revokeUrl } }),
    };
    return [name, moved] as const;
  });
  return defineConnector({
    ...template,
    ...instead,
    key: `${template.key}Emulated`,
    servers: { ...template.servers, ...servers },
    auth: Object.fromEntries(auth),
  });
}
