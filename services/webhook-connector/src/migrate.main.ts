import { migrateMain } from '@stellwerk/database';
import { migrations } from '../migrations/index.js';
await migrateMain('webhook-connector', migrations);
