export { type Audit, type AuditFilter, createAudit, type ExportPage } from './audit.js';
export { ACTORS, type AuditEntry, type AuditLink, OUTCOMES } from './entry.js';
export { imagesOf, isTelling, type RowImage } from './images.js';
export { createSeals } from './seal.js';
export { auditStore } from './store.js';
export { SEVERAL } from './strangers.js';
export type { Summary } from './summary.js';
export { PROBLEMS, type Verification } from './verify.js';
export type { Watched } from './watch.js';
