import type { ConnectorSpec } from '../src/contract/index.js';
import { awsS3, awsSns, awsSqs } from './aws/index.js';
import { graphql } from './generic/graphql/index.js';
import { rest } from './generic/rest/index.js';
import { github } from './github/index.js';
import { google } from './google/index.js';
import { microsoft } from './microsoft/index.js';
import { openai } from './openai/index.js';
import { resend } from './resend/index.js';
import { slack } from './slack/index.js';
import { stripe } from './stripe/index.js';
import { twilio } from './twilio/index.js';

/** All connectors. To add one, add a line here. */
export const templates: readonly ConnectorSpec[] = [
  awsS3,
  awsSns,
  awsSqs,
  github,
  google,
  graphql,
  microsoft,
  openai,
  resend,
  rest,
  slack,
  stripe,
  twilio,
];
