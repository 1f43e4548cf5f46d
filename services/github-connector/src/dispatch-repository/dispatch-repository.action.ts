import { Fields, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target } from '@stellwerk/connector-kit';
import type { Command, Outputs } from '@stellwerk/contracts';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import type { Echoes } from '../dispatched-runs/echoes.js';
import { lookUpById, lookUpRun } from '../dispatched-runs/look-up-run.js';
import { expectStatus, repositoryPath, writeJson } from '../github.client.js';

/* https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event */
const MAX_TYPE_CHARACTERS = 100;
const MAX_PROPERTIES = 10;
const PAYLOAD_LIMIT_BYTES = 65_536;

const EVENT = 'repository_dispatch';

interface With {
  repository: string;
  type: string;
  payload: Record<string, unknown>;
}

/** @throws PermanentError for what GitHub would not take */
const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('dispatch-repository', values);
  const [repository, type, payload] = [fields.text('repository'), fields.text('type'), fields.mapOf('payload') ?? {}];
  if (type.length > MAX_TYPE_CHARACTERS) throw new PermanentError(`dispatch-repository: \`type\` has ${type.length} characters, expected at most ${MAX_TYPE_CHARACTERS}`);
  const count = Object.keys(payload).length;
  if (count > MAX_PROPERTIES) throw new PermanentError(`dispatch-repository: \`payload\` has ${count} keys, expected at most ${MAX_PROPERTIES}`);
  return { repository, type, payload };
};

/** `github/dispatch-repository`: GitHub says 204 and no more; with `await: { pipeline }` the run of that workflow is looked up and followed. */
export class DispatchRepositoryAction implements ConnectorAction {
  readonly name = 'dispatch-repository';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  constructor(private readonly echoes: Echoes) {}

  followsFor(command: Command): boolean {
    return command.await && command.awaitPipeline !== undefined;
  }

  target(values: Record<string, unknown>): Target {
    const { repository } = read(values);
    repositoryPath(repository);
    return { repository };
  }

  /** Runs that do not show our id are told apart only when one comes after the other. */
  async exclusive({ command, connection, with: values }: ActionCall): Promise<boolean> {
    return this.followsFor(command) && !this.echoes.known(connection.name, read(values).repository, command.awaitPipeline!);
  }

  async send(call: ActionCall): Promise<Sent> {
    const { repository, type, payload } = read(call.with);
    const room = Object.keys(payload).length < MAX_PROPERTIES;
    const json = { event_type: type, client_payload: room ? { ...payload, [CORRELATION_NAME]: call.commandId } : payload };
    const bytes = Buffer.byteLength(JSON.stringify(json.client_payload));
    if (bytes >= PAYLOAD_LIMIT_BYTES) throw new PermanentError(`dispatch-repository: \`payload\` has ${bytes} bytes with our id, expected less than ${PAYLOAD_LIMIT_BYTES}`);
    expectStatus(await writeJson(call.calls, call, { path: `${repositoryPath(repository)}/dispatches`, json }), 204);
    return { kind: 'accepted' };
  }

  /** The same whether the run was looked for or came to light after a lost answer. */
  outputsOf({ id }: StartedRun, command: Command): Outputs {
    return this.followsFor(command) ? { run: Number(id) } : {};
  }

  /** Without a workflow to look at, only a run that shows our id tells something: that none does is no proof, so it is never sent again. */
  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository } = read(call.with);
    if (!this.followsFor(call.command)) return lookUpById(call, { event: EVENT, repository });
    return lookUpRun(call, { event: EVENT, repository, workflow: call.command.awaitPipeline! }, this.echoes);
  }
}
