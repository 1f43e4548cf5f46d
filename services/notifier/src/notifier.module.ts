import { Module } from '@nestjs/common';
import { ResourcesModule } from '@stellwerk/config';
import { DatabaseModule, KeptConfigRepository } from '@stellwerk/database';
import { HttpClient } from '@stellwerk/http';
import { MessagingModule } from '@stellwerk/messaging';
import { migrations } from '../migrations/index.js';
import { SmtpClient } from './channels/index.js';
import { Claims } from './deliveries/claims.js';
import { CloseDigest } from './deliveries/close-digest.js';
import { Courier } from './deliveries/courier.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { DigestsRepository } from './deliveries/digests.repository.js';
import { DueRepository } from './deliveries/due.repository.js';
import { Intake } from './deliveries/intake.js';
import { QuietRepository } from './deliveries/quiet.repository.js';
import { Retention } from './deliveries/retention.js';
import { Send } from './deliveries/send.js';
import { Settlement } from './deliveries/settlement.js';
import { ThreadsRepository } from './deliveries/threads.repository.js';
import { NotifierConfig } from './notifier.config.js';
import { StatusConsumer } from './plan/status.consumer.js';

@Module({
  imports: [MessagingModule.forService('notifier'), DatabaseModule.forService('notifier', migrations), ResourcesModule.forService('notifier', KeptConfigRepository)],
  controllers: [StatusConsumer],
  providers: [
    { provide: NotifierConfig, useFactory: () => new NotifierConfig() },
    DeliveriesRepository, DueRepository, Claims, QuietRepository, DigestsRepository, CloseDigest, ThreadsRepository, Intake, Settlement, Send, HttpClient, SmtpClient, Courier, Retention,
  ],
})
export class NotifierModule {}
