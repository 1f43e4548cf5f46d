import { startService } from '@stellwerk/service-kit';
import { IngressModule } from './ingress.module.js';

await startService('ingress', IngressModule);
