// Lets connectors in whatever folder import 'parse-integration-hub' and 'zod' as a project would that has them installed:
// the hub is this one, from its sources. See connectors.ts. https://nodejs.org/api/module.html#customization-hooks
const INDEX = new URL('../../index.ts', import.meta.url).href;

export async function resolve(specifier, context, next) {
  if (specifier === 'parse-integration-hub') return next(INDEX, context);
  if (specifier !== 'zod') return next(specifier, context);
  // One copy, so that a schema of theirs is one of ours.
  return next(specifier, { ...context, parentURL: INDEX });
}
