// The *.db.spec.ts that run on MongoDB as well, because their results can differ between the engines. Domains see one
// database interface, src/platform/database, and its implementations are tested on both. `npm run test:all` runs every
// *.db.spec.ts on both, and the *.long.spec.ts of these patterns.

/** Patterns below spec/, and why. */
export const ON_BOTH_ENGINES = {
  'platform/**': 'the statements, types and errors of each engine',
  'accessControl/accessControl': 'lists and pages that conditions on arrays restrict; ACLs',
  'isolation/reads': 'which rows a query of each engine returns to whom',
  'isolation/roles': 'roles, read by queries of each engine',
  'isolation/internalErrors': 'errors of the drivers',
  'cloud/access': 'every function, called at least once',
  'cloud/jobs': 'every job, run at least once',
  'cloud/maintenance': 'the deletion of old rows',
  'cloud/memberPages': 'pages of a relation, which the engines store differently',
  'audit/chain': 'a store with separate statements; chains that several processes append to',
  'audit/read': 'pages of a store with separate statements',
  'audit/retention': 'the deletion of old entries',
  'apiKeys/figures': 'counts, written with separate statements and read by an index',
  'oauth/races': 'two callers that use one code, token or grant',
  'organizations/endings': 'an organization that is deleted, with queries on fields that rows lack',
  'schedules/runs': 'schedulers that take one lane',
  'security/bruteForce': 'attempts that are counted at once',
  'security/logins':
    'log-ins that are counted at once, by the user that a query of each engine finds',
  mainJob: 'the main job',
  prefixes: 'classes that are stored under other names',
  'package/hosts': 'the packed package in separate hosts',
  twoProcesses: 'deliveries of several processes, one of them killed',
};
