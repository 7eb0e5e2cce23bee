export { createHubClient } from './client.js';
export type { Client } from './cloud/manifest.js';
export { type HubVault, VaultError } from './src/app/hostVault.js';
export {
  createIntegrationHub,
  type HostParseServerOptions,
  type IntegrationHub,
  type ProgramCaller,
} from './src/app/hub.js';
export type { HubOptions } from './src/app/options.js';
export { connectorFromOpenApi, type OpenApiOptions } from './src/connectors/index.js';
export * from './src/contract/connector/index.js';
export type { Role } from './src/contract/index.js';
export type {
  Brand,
  PagesBranding as Branding,
  HostPage,
  HostPages,
  PageModels,
} from './src/oauth/index.js';
export {
  type AccessTokenClaims,
  verifyAccessToken,
  type VerifyAccessTokenOptions,
} from './src/oauth/index.js';
export type {
  InvitationMail,
  InvitationNotice,
  OrganizationResolver,
} from './src/organizations/index.js';
export { Html, html } from './src/platform/html.js';
export type { ClassVerb, HostScope, HostScopes } from './src/scopes/index.js';
export {
  createHttpKms,
  type DataKey,
  type HostRow,
  type HostVaultClass,
  type Kms,
  type VaultContext,
  type VaultJson,
  type VaultValidation,
  type VaultValue,
} from './src/vault/index.js';
