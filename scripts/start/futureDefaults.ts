/** The defaults of Parse Server's next major version. Until then it warns about each one that is not set. */
export const FUTURE_DEFAULTS = {
  allowAggregationForReadOnlyMasterKey: false,
  fileUpload: { allowedFileUrlDomains: [] },
  installation: { duplicateDeviceTokenActionEnforceAuth: true },
  pages: { encodePageParamHeaders: true },
  protectedFieldsOwnerExempt: false,
  protectedFieldsSaveResponseExempt: false,
  protectedFieldsTriggerExempt: true,
  readOnlyMasterKeyIps: ['127.0.0.1', '::1'],
  requestComplexity: {
    batchRequestLimit: 100,
    graphQLDepth: 20,
    graphQLFields: 200,
    includeCount: 100,
    includeDepth: 10,
    queryDepth: 10,
    subqueryDepth: 10,
  },
};
