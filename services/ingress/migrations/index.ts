import type { MigrationClass } from '@stellwerk/database';
import { CreateSpoolAndBodies1764000000000 } from './create-spool-and-bodies.js';

/** In order. */
export const migrations: readonly MigrationClass[] = [CreateSpoolAndBodies1764000000000];
