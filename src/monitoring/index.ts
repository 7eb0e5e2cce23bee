export { createHealth, type Health, notInstalled, type Readiness } from './health.js';
