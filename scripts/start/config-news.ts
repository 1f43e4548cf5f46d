import type { ConfigTold } from '@stellwerk/service-kit';

/** Tells a person in front of the terminal what the services say of the config directory: one edit is eight answers, and one message. */
export class ConfigNews {
  readonly #services: readonly string[];
  readonly #say: (line: string) => void;
  readonly #told = new Map<string, ConfigTold>();
  /** Faults that were printed and still stand. */
  #printed = new Set<string>();
  /** Revision that was last said to be in force; undefined until all have started. */
  #said: string | undefined;
  #refused = false;

  constructor(services: readonly string[], say: (line: string) => void) {
    this.#services = services;
    this.#say = say;
  }

  /** A refusal is printed with the first service that has it, each fault once; the end of it when all services are of one mind. */
  heard(service: string, told: ConfigTold): void {
    this.#told.set(service, told);
    this.#tellFaults(told);
    const all = this.#services.map((name) => this.#told.get(name));
    if (all.every((one) => one?.refused.length === 0 && one.revision === told.revision)) this.#tellInForce(told);
  }

  #tellFaults({ refused, flows, revision }: ConfigTold): void {
    const standing = new Set([...this.#told.values()].flatMap((one) => one.refused));
    const fresh = refused.filter((fault) => !this.#printed.has(fault));
    this.#printed = standing;
    if (fresh.length === 0) return;
    this.#refused = true;
    this.#say([`config refused, what was in force stays: ${flowsOf(flows)}, revision ${revision}`, ...fresh.map((fault) => `  ${fault}`)].join('\n'));
  }

  /** What they have at the start is no news. */
  #tellInForce({ revision, flows }: ConfigTold): void {
    const isNews = this.#refused || (this.#said !== undefined && this.#said !== revision);
    this.#said = revision;
    this.#refused = false;
    if (isNews) this.#say(`config in force: ${flowsOf(flows)}, revision ${revision}`);
  }
}

const flowsOf = (count: number): string => `${count} ${count === 1 ? 'flow' : 'flows'}`;
