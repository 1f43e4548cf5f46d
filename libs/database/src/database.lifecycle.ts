import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Readiness } from '@stellwerk/service-kit';
import { Database } from './database.js';

/** Ties the database to the application: it connects first and ends last. */
@Injectable()
export class DatabaseLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.register('database', () => this.database.check());
    this.readiness.register('schema', () => this.database.checkSchema());
    this.database.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
