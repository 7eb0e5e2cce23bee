/** parse-server ships no types for this file; what is used of it has been there, unchanged, since version 3. */
declare module 'parse-server/lib/triggers.js' {
  const triggers: {
    getFunction(name: string, applicationId: string): unknown;
    getJob(name: string, applicationId: string): unknown;
  };
  export default triggers;
}

/** The same for this one. */
declare module 'parse-server/lib/batch.js' {
  const batch: {
    /** The function throws for a path that is not under one of the addresses. */
    makeBatchRoutingPathFunction(
      originalUrl: string,
      serverURL: string | undefined,
      publicServerURL: string | undefined,
    ): (path: string) => string;
  };
  export default batch;
}
