import type { Services } from '../src/app/services.js';
import { functionsFor, jobsFor } from '../src/contract/index.js';

/** Declares a cloud function: one file of this folder each, listed in manifest.ts. */
export const defineFunction = functionsFor<Services>();

/** Declares a Parse job: one file of jobs/ each, listed in manifest.ts. */
export const defineJob = jobsFor<Services>();
