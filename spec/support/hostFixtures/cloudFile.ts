// A host's cloud code as a file, which finds Parse where Parse Server puts it.
import type { ParseSdk } from '../../../src/platform/parse/index.js';
import { hostCloud } from './hostCloud.js';

hostCloud((globalThis as unknown as { readonly Parse: ParseSdk }).Parse);
