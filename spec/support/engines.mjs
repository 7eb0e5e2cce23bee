// Which *.db.spec.ts run on MongoDB as well: what can differ between the engines. Domains see one interface of the database,
// src/platform/database, and what lies behind it is tested on both; `npm run test:all` runs every file on both.

/** Patterns below spec/, and why. */
export const ON_BOTH_ENGINES = {
  'platform/**': 'the statements, types and errors of each engine',
  'isolation/**': 'what one organization sees of another is decided by the queries of each engine',
  'cloud/**': 'every function and job, called once at least',
  'audit/**': 'a store with statements of its own; chains that several processes append to',
  'apiKeys/figures': 'what is counted is written with statements of its own, and read by an index',
  'apiKeys/twoProcesses': 'processes that share limits',
  'oauth/races': 'two who use one code, token or grant',
  'oauth/twoProcesses': 'processes that share keys and grants',
  'connections/refreshRace': 'processes that refresh one token',
  'executions/limits': 'limits and holds that processes share',
  'schedules/runs': 'schedulers that take one lane',
  'security/bruteForce': 'attempts that are counted at once',
  'vault/vault': 'rows that are encrypted anew while others write them',
  host: 'a host with classes, files and triggers of its own',
  mainJob: 'the main job',
  prefixes: 'classes that are stored under other names',
  'package/hosts': 'the packed package in hosts of their own',
  twoProcesses: 'deliveries of several processes, one of them killed',
};
