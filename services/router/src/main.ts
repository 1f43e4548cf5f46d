import { startService } from '@stellwerk/service-kit';
import { RouterModule } from './router.module.js';

await startService('router', RouterModule);
