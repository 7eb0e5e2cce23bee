import type { Services } from '../src/app/services.js';
import { functionsFor, jobsFor } from '../src/contract/index.js';

/** Declares a cloud function. Each has a file in this folder and is listed in manifest.ts. */
export const defineFunction = functionsFor<Services>();

/** Declares a Parse job. Each has a file in jobs/ and is listed in manifest.ts. */
export const defineJob = jobsFor<Services>();
