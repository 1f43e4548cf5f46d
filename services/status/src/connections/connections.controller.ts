import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Resources } from '@stellwerk/config';
import { givenUrl, type Connection } from '@stellwerk/flows';
import { Person, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ProblemError } from '../http/problem.js';
import { ChecksRepository, type KeptCheck } from './checks.repository.js';
import { ConnectionList, ConnectionView } from './connection.response.js';
import { ConnectorClient } from './connector.client.js';
import { ownFindings, stateOf } from './findings.js';
import { healthView, type Sighting } from './health.js';
import { SetUpAnswer, SetUpBody } from './set-up.body.js';
import { SightingsRepository } from './sightings.repository.js';

/** A URL may have been written with a user and a password in it. */
const withoutCredentials = (text: string): string => {
  const url = new URL(text);
  if (!url.username && !url.password) return text;
  url.username = '';
  url.password = '';
  return url.toString();
};

const shownUrl = (connection: Connection): string | null => {
  const url = givenUrl(connection);
  return url === undefined ? null : withoutCredentials(url);
};

const takesHooks = ({ webhook }: Connection): boolean => (webhook?.secrets.length ?? 0) + (webhook?.tokens.length ?? 0) > 0;

const connectionView = (connection: Connection, sighting: Sighting | undefined, kept: KeptCheck | undefined): ConnectionView => {
  const health = healthView(sighting);
  const findings = [...ownFindings(takesHooks(connection), health), ...(kept?.findings ?? [])];
  return {
    name: connection.name,
    platform: connection.platform,
    url: shownUrl(connection),
    hookPath: takesHooks(connection) ? `/hooks/${connection.name}` : null,
    health,
    limits: { concurrency: connection.limits.concurrency, timeoutMs: connection.limits.timeoutMs },
    check: { at: kept?.checkedAt.toISOString() ?? null, state: stateOf(findings), findings },
  };
};

@ApiTags('connections')
@Controller('api/connections')
export class ConnectionsController {
  constructor(
    private readonly resources: Resources,
    private readonly sightings: SightingsRepository,
    private readonly checks: ChecksRepository,
    private readonly connectors: ConnectorClient,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The connections and how they are; never a secret' })
  @ApiOkResponse({ type: ConnectionList })
  async list(): Promise<ConnectionList> {
    const items = await this.views(Object.values(this.resources.current().connections));
    return { items: items.sort((one, other) => one.name.localeCompare(other.name)), next: null };
  }

  @Post(':name/check')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have its connector look at it: credentials, webhooks, their last answers, limits' })
  @ApiOkResponse({ type: ConnectionView })
  async check(@Param('name') name: string): Promise<ConnectionView> {
    const connection = this.find(name);
    await this.checks.save(await this.connectors.check(connection));
    return (await this.views([connection]))[0]!;
  }

  @Post(':name/setup')
  @HttpCode(200)
  @Needs('operator')
  @ApiOperation({ summary: 'Create or mend the webhooks that lead to it, with its secret; a second time there is nothing to do' })
  @ApiOkResponse({ type: SetUpAnswer })
  async setUp(@Param('name') name: string, @Body() { repositories, dryRun = false }: SetUpBody, @Person() caller: Caller): Promise<SetUpAnswer> {
    return { changes: await this.connectors.setUp(this.find(name), caller, { ...(repositories && { repositories }), dryRun }) };
  }

  private find(name: string): Connection {
    const { connections } = this.resources.current();
    const connection = connections[name];
    if (!connection) throw new ProblemError(404, `There is no connection "${name}"; there are ${Object.keys(connections).sort().join(', ')}.`);
    return connection;
  }

  private async views(connections: Connection[]): Promise<ConnectionView[]> {
    const names = connections.map(({ name }) => name);
    const [sightings, checks] = await Promise.all([this.sightings.of(names), this.checks.of(names)]);
    return connections.map((connection) => connectionView(connection, sightings.get(connection.name), checks.get(connection.name)));
  }
}
