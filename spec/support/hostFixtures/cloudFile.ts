// A host's cloud code as a file, which gets Parse from the global that Parse Server sets.
import type { ParseSdk } from '../../../src/platform/parse/index.js';
import { hostCloud } from './hostCloud.js';

hostCloud((globalThis as unknown as { readonly Parse: ParseSdk }).Parse);
