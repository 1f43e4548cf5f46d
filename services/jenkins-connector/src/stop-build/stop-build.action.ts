import { Fields, Refused, type ActionCall, type ConnectorAction, type Sent, type Target } from '@stellwerk/connector-kit';
import { readBuild, stopBuild } from '../jenkins.client.js';
import { jobPathOf } from '../job-path.js';

/** A pipeline first ends the step it is at. */
const STILL_RUNS_RETRY_MS = 3_000;

const read = (values: Record<string, unknown>): { jobPath: string; number: string } => {
  const fields = new Fields('stop-build', values);
  return { jobPath: jobPathOf(fields.text('job'), fields.textOf('branch')), number: String(fields.integer('number')) };
};

/** `jenkins/stop-build`: Jenkins answers a stop before anything has stopped, so the build is read until it has ended. */
export class StopBuildAction implements ConnectorAction {
  readonly name = 'stop-build';
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { jobPath, number } = read(values);
    return { repository: jobPath, pipeline: this.name, ref: number };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { jobPath, number } = read(call.with);
    if (await this.#hasEnded(call)) return { kind: 'accepted' };
    await stopBuild(call.calls, jobPath, number, call);
    if (await this.#hasEnded(call)) return { kind: 'accepted' };
    return { kind: 'not-started', reason: `build ${number} of ${jobPath} still runs`, retryMs: STILL_RUNS_RETRY_MS };
  }

  async #hasEnded(call: ActionCall): Promise<boolean> {
    const { jobPath, number } = read(call.with);
    const build = await readBuild(call.calls, jobPath, number);
    if (!build) throw new Refused(404, `Jenkins has no build ${number} of ${jobPath}`);
    // A result may stand while the last steps still run.
    return build.building === false;
  }
}
