import { startService } from '@stellwerk/service-kit';
import { StatusModule } from './status.module.js';

await startService('status', StatusModule);
