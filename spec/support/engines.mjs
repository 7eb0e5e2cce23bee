// Which *.db.spec.ts run on MongoDB as well: what can differ between the engines. Domains see one interface of the database,
// src/platform/database, and what lies behind it is tested on both; `npm run test:all` runs every file on both.

/** Patterns below spec/, and why. */
export const ON_BOTH_ENGINES = {
  'platform/**': 'the statements, types and errors of each engine',
  'isolation/reads': 'which rows a query of each engine returns to whom',
  'isolation/roles': 'roles, read by queries of each engine',
  'isolation/internalErrors': 'errors of the drivers',
  'cloud/access': 'every function, called once at least',
  'cloud/jobs': 'every job, run once at least',
  'cloud/maintenance': 'what deletes old rows',
  'cloud/memberPages': 'pages of a relation, which each engine stores in its own way',
  'audit/chain': 'a store with statements of its own; chains that several processes append to',
  'audit/read': 'pages of a store with statements of its own',
  'audit/retention': 'what deletes old entries',
  'apiKeys/figures': 'what is counted is written with statements of its own, and read by an index',
  'oauth/races': 'two who use one code, token or grant',
  'schedules/runs': 'schedulers that take one lane',
  'security/bruteForce': 'attempts that are counted at once',
  mainJob: 'the main job',
  prefixes: 'classes that are stored under other names',
  'package/hosts': 'the packed package in hosts of their own',
  twoProcesses: 'deliveries of several processes, one of them killed',
};
