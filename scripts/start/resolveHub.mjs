// Lets connectors in any folder import 'parse-integration-hub' and 'zod' as if they were installed there. The hub is this one,
// from its sources. See connectors.ts. https://nodejs.org/api/module.html#customization-hooks
import { readFile } from 'node:fs/promises';

const INDEX = new URL('../../index.ts', import.meta.url).href;
const MODULE_SYNTAX = /^\s*(?:import\s*[\w*{"']|export\s*[\w*{])/m;

/** The module that loads the connectors, the connectors, and what they import of their own. */
const loaded = new Set([new URL('./connectors.ts', import.meta.url).href]);

export async function resolve(specifier, context, next) {
  if (specifier === 'parse-integration-hub') return next(INDEX, context);
  // One copy of zod, so that the hub recognizes their schemas.
  if (specifier === 'zod') return next(specifier, { ...context, parentURL: INDEX });
  const resolved = await next(specifier, context);
  if (!loaded.has(context.parentURL) || !isOwnFile(resolved.url)) return resolved;
  loaded.add(resolved.url);
  return resolved.format === 'commonjs' && /\.[jt]s$/.test(resolved.url)
    ? { ...resolved, format: await formatOf(resolved.url) }
    : resolved;
}

const isOwnFile = (url) => url.startsWith('file:') && !url.includes('/node_modules/');

/** In a folder without a package.json that says `"type": "module"`, Node.js 20 takes every module for CommonJS. */
async function formatOf(url) {
  return MODULE_SYNTAX.test(await readFile(new URL(url), 'utf8')) ? 'module' : 'commonjs';
}
