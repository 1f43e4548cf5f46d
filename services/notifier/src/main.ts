import { startService } from '@stellwerk/service-kit';
import { NotifierModule } from './notifier.module.js';

await startService('notifier', NotifierModule);
