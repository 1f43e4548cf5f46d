import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { ConnectorKitModule, HOOK_KEEPER } from '@stellwerk/connector-kit';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { ArgoCdAdapter } from './argo-cd/argo-cd.adapter.js';
import { ArgoWorkflowsAdapter } from './argo-workflows/argo-workflows.adapter.js';
import { CommandsConsumer } from './commands.consumer.js';
import { ConnectionsController } from './connections.controller.js';
import { EventsConsumer } from './events.consumer.js';
import { SmallPlatformHooks } from './keep-hooks.js';
import { N8nAdapter } from './n8n/n8n.adapter.js';
import { PrefectAdapter } from './prefect/prefect.adapter.js';
import { WebhookAdapter } from './webhook/webhook.adapter.js';

const SERVICE = 'webhook-connector';

@Module({
  imports: [
    ResourcesModule.forService(SERVICE, KeptConfigRepository),
    DatabaseModule.forService(SERVICE, migrations, { lookups: true }),
    MessagingModule.forService(SERVICE),
    ConnectorKitModule.forPlatforms([WebhookAdapter, PrefectAdapter, ArgoWorkflowsAdapter, ArgoCdAdapter, N8nAdapter], [{ provide: HOOK_KEEPER, useClass: SmallPlatformHooks }]),
  ],
  controllers: [CommandsConsumer, EventsConsumer, ConnectionsController],
})
export class WebhookConnectorModule {}
