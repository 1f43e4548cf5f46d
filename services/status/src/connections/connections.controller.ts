import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Resources } from '@stellwerk/config';
import type { Connection } from '@stellwerk/flows';
import { ConnectionList, type ConnectionView } from './connection.response.js';
import { healthView, type Sighting } from './health.js';
import { SightingsRepository } from './sightings.repository.js';

/** A URL may have been written with a user and a password in it. */
const withoutCredentials = (text: string): string => {
  const url = new URL(text);
  if (!url.username && !url.password) return text;
  url.username = '';
  url.password = '';
  return url.toString();
};

const takesHooks = ({ webhook }: Connection): boolean => (webhook?.secrets.length ?? 0) + (webhook?.tokens.length ?? 0) > 0;

const connectionView = (connection: Connection, sighting: Sighting | undefined): ConnectionView => ({
  name: connection.name,
  platform: connection.platform,
  url: withoutCredentials(connection.url),
  hookPath: takesHooks(connection) ? `/hooks/${connection.name}` : null,
  health: healthView(sighting),
  limits: { concurrency: connection.limits.concurrency, timeoutMs: connection.limits.timeoutMs },
});

@ApiTags('connections')
@Controller('api/connections')
export class ConnectionsController {
  constructor(private readonly resources: Resources, private readonly sightings: SightingsRepository) {}

  @Get()
  @ApiOperation({ summary: 'The connections and how they are; never a secret' })
  @ApiOkResponse({ type: ConnectionList })
  async list(): Promise<ConnectionList> {
    const connections = Object.values(this.resources.current().connections);
    const sightings = await this.sightings.of(connections.map((connection) => connection.name));
    const items = connections.map((connection) => connectionView(connection, sightings.get(connection.name)));
    return { items: items.sort((one, other) => one.name.localeCompare(other.name)), next: null };
  }
}
