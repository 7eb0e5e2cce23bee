/** What specs use of parse-server that it has no types for. */
declare module 'parse-server/lib/cache.js' {
  /** The configuration of each application that runs in this process, by its id. */
  const AppCache: { get(appId: string): { readonly [option: string]: unknown } };
  export { AppCache };
}

declare module 'parse-server/lib/Adapters/Cache/SchemaCache.js' {
  const SchemaCache: { readonly default: { clear(): void } };
  export = SchemaCache;
}

declare module 'parse-server/lib/middlewares.js' {
  import type { RequestHandler } from 'express';
  const middlewares: {
    readonly handleParseHeaders: RequestHandler;
    readonly handleParseSession: RequestHandler;
  };
  export = middlewares;
}
