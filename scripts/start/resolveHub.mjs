// Lets connectors in any folder import 'parse-integration-hub' and 'zod' as if they were installed there. The hub is this one,
// from its sources. See connectors.ts. https://nodejs.org/api/module.html#customization-hooks
const INDEX = new URL('../../index.ts', import.meta.url).href;

export async function resolve(specifier, context, next) {
  if (specifier === 'parse-integration-hub') return next(INDEX, context);
  if (specifier !== 'zod') return next(specifier, context);
  // One copy of zod, so that the hub recognizes their schemas.
  return next(specifier, { ...context, parentURL: INDEX });
}
