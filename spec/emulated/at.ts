import { type ConnectorSpec, defineConnector, type OAuth2Code } from '../../src/contract/index.js';

/** The parts of a template that are replaced so that it uses an emulator. */
export interface Elsewhere {
  readonly servers: Readonly<Record<string, string>>;
  /** By the name of an auth method. */
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
  /** Tests that the emulator does not support; each use says why. */
  readonly instead?: Partial<Pick<ConnectorSpec, 'actions' | 'test'>>;
}

/** Makes a connector of the host from a template: the same except for its servers, with the key of the template and `Emulated`. */
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
