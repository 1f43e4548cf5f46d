import { Injectable } from '@nestjs/common';
import { HealthNotes } from '@stellwerk/connector-kit';
import { UnseenJobs } from './unseen-jobs.js';

/** Says in a connection's health where jobs may not be read. */
@Injectable()
export class JobHealth {
  constructor(unseen: UnseenJobs, health: HealthNotes) {
    health.add(async (connection) => unseen.of(connection));
  }
}
