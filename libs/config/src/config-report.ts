import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { formatFault, type Fault, type ResourceSet } from '@stellwerk/flows';
import { metricPrefix, type Metrics, type Supervisor } from '@stellwerk/service-kit';
import type { LoadedDirectory } from './load-directory.js';

/** A refusal that nobody mends must not be forgotten with the one line that told of it. */
const REMIND_MS = 600_000;

/** Times are those of `performance.now()`. */
interface Refusal {
  lines: string[];
  /** Revision of the set that stays. */
  inForce: string;
  since: number;
  saidAt: number;
}

const secondsSince = (time: number): number => (performance.now() - time) / 1_000;

const count = (record: Record<string, unknown>): number => Object.keys(record).length;

const gauges = (service: ServiceName, metrics: Metrics) => {
  const gauge = (name: string, help: string) => metrics.gauge(`${metricPrefix(service)}_config_${name}`, help);
  return {
    refused: gauge('refused', '1 while the files of the config directory are refused and an older set is in force'),
    refusedSeconds: gauge('refused_seconds', 'For how long this process has refused them; 0 while it does not refuse any'),
    inForceSeconds: gauge('in_force_seconds', 'Age of the set in force'),
  };
};

/** Says which set is in force and why the files are not: to the log, the metrics, and whoever started this process. */
export class ConfigReport {
  readonly #log = new Logger('config');
  readonly #gauges: ReturnType<typeof gauges>;
  readonly #supervisor: Supervisor | undefined;
  #inForceSince = performance.now();
  #refusal: Refusal | undefined;

  constructor(service: ServiceName, metrics: Metrics, supervisor?: Supervisor) {
    this.#gauges = gauges(service, metrics);
    this.#supervisor = supervisor;
  }

  /** A set came into force. `ageSeconds`: of one that was kept, which is older than this process. */
  inForce({ resources, faults }: Pick<LoadedDirectory, 'resources' | 'faults'>, ageSeconds?: number): void {
    const { revision, connections, flows, channels, environments } = resources;
    this.#log.log({
      revision, connections: count(connections), flows: count(flows), channels: count(channels), environments: count(environments),
      ...(ageSeconds !== undefined && { keptForSeconds: Math.round(ageSeconds) }),
    }, 'config.loaded');
    for (const fault of faults) this.#log.warn({ fault: formatFault(fault) }, 'config.warning');
    this.#inForceSince = performance.now() - (ageSeconds ?? 0) * 1_000;
  }

  /** The files and what is in force are one. */
  agreed(set: ResourceSet): void {
    if (this.#refusal) this.#log.log({ revision: set.revision }, 'config.mended');
    this.#refusal = undefined;
    this.#tell(set, []);
  }

  /** The files are refused. `isNews`: they changed since the last look. */
  refused(faults: readonly Fault[], set: ResourceSet, isNews: boolean): void {
    const lines = faults.map(formatFault);
    const before = this.#refusal;
    this.#refusal = { lines, inForce: set.revision, since: before?.since ?? performance.now(), saidAt: before?.saidAt ?? 0 };
    if (!isNews && isDeepStrictEqual(lines, before?.lines)) return;
    this.#say(this.#refusal);
    this.#tell(set, lines);
  }

  /** Every now and then: brings the ages up to now, and says again what has been refused for long. */
  look(): void {
    if (this.#refusal && performance.now() - this.#refusal.saidAt >= REMIND_MS) this.#say(this.#refusal);
    this.#gauges.refused.set(this.#refusal ? 1 : 0);
    this.#gauges.refusedSeconds.set(this.#refusal ? secondsSince(this.#refusal.since) : 0);
    this.#gauges.inForceSeconds.set(secondsSince(this.#inForceSince));
  }

  #say(refusal: Refusal): void {
    refusal.saidAt = performance.now();
    this.#log.error({ faults: refusal.lines, inForce: refusal.inForce, forSeconds: Math.round(secondsSince(refusal.since)) }, 'config.refused');
  }

  #tell(set: ResourceSet, refused: string[]): void {
    this.look();
    this.#supervisor?.tell({ event: 'config', revision: set.revision, flows: count(set.flows), refused });
  }
}
