/** parse-server ships no types for this file; what is used of it has been there, unchanged, since version 3. */
declare module 'parse-server/lib/triggers.js' {
  const triggers: {
    getFunction(name: string, applicationId: string): unknown;
    getJob(name: string, applicationId: string): unknown;
  };
  export default triggers;
}
