import { Injectable } from '@nestjs/common';
import { CheckConnection, SetUpConnection, type ConnectionCheck, type SetUpReply } from '@stellwerk/contracts';
import { validated } from '@stellwerk/service-kit';
import { ConnectionChecker } from './check-connection.js';
import { ConnectionSetUp } from './set-up-connection.js';

/** What people ask of a connector, which status passes on. */
@Injectable()
export class ConnectionRequests {
  constructor(
    private readonly checker: ConnectionChecker,
    private readonly setUps: ConnectionSetUp,
  ) {}

  /** Null: there is no such connection here. @throws PermanentError for a request that is none */
  async check(data: unknown): Promise<ConnectionCheck | null> {
    return (await this.checker.check(validated(CheckConnection, data).connection)) ?? null;
  }

  /** Null: there is no such connection here. @throws PermanentError for a request that is none */
  async setUp(data: unknown): Promise<SetUpReply | null> {
    return (await this.setUps.run(validated(SetUpConnection, data))) ?? null;
  }
}
