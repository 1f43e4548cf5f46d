import { startService } from '@stellwerk/service-kit';
import { WebhookConnectorModule } from './webhook-connector.module.js';
await startService('webhook-connector', WebhookConnectorModule);
