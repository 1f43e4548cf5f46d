import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Readiness } from '@stellwerk/service-kit';
import { JetStreamStrategy } from './jetstream.strategy.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { NatsLink } from './nats-link.js';
import { TopologyGate } from './topology-gate.js';
import { watchConsumers } from './watch-consumers.js';

/** Ties the connection to the application: up first, pulling stops first, the connection ends last. */
@Injectable()
export class MessagingLifecycle implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  #unwatch?: () => void;

  constructor(
    private readonly link: NatsLink,
    private readonly gate: TopologyGate,
    private readonly strategy: JetStreamStrategy,
    private readonly metrics: MessagingMetrics,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.register('nats', () => this.link.check());
    this.readiness.register('topology', () => this.gate.check());
    this.link.start();
  }

  onApplicationBootstrap(): void {
    void this.gate.passed();
    this.#unwatch ??= watchConsumers(this.link, this.strategy, this.metrics);
  }

  beforeApplicationShutdown(): void {
    this.#unwatch?.();
    this.strategy.stopPulling();
  }

  /** Handlers still publish until the strategy has closed, which comes before this. */
  async onApplicationShutdown(): Promise<void> {
    await this.link.close();
  }
}
