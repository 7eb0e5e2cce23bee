import type { ConnectorSpec } from '../src/contract/index.js';
import { slack } from './slack/index.js';

/** What can be connected. One line a connector. */
export const templates: readonly ConnectorSpec[] = [slack];
