// Runs before each *.db.spec.ts.
import { followProject } from './store.js';

followProject();
