export { type Audit, type AuditFilter, createAudit, type ExportPage } from './audit.js';
export { ACTORS, type AuditEntry, type AuditLink, OUTCOMES, type Summary } from './entry.js';
export { auditStore } from './store.js';
export { PROBLEMS, type Verification } from './verify.js';
