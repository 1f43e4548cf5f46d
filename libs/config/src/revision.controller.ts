import { Controller, Inject, type Type } from '@nestjs/common';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { configRequest, type ConfigInForce, type ServiceName } from '@stellwerk/contracts';
import { Resources } from './resources.js';

/** Answers which set the service has in force, so that people see when services disagree. */
export const revisionController = (service: ServiceName): Type => {
  @Controller()
  class RevisionController {
    constructor(@Inject(Resources) private readonly resources: Resources) {}

    @MessagePattern(configRequest(service), Transport.NATS)
    inForce(): ConfigInForce {
      return { revision: this.resources.current().revision, refused: this.resources.lastError() !== undefined };
    }
  }
  return RevisionController;
};
