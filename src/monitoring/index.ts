export {
  createHealth,
  type Health,
  type HealthCheck,
  notInstalled,
  type Readiness,
} from './health.js';
