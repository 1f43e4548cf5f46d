/** Where a service listens: the first thing it says. */
interface Listening {
  event: 'listening';
  service: string;
  managementPort: number;
  doorPort?: number;
}

/** Which configuration a service has in force, and why it refuses the files, if it does. */
export interface ConfigTold {
  event: 'config';
  /** Hash of the set in force. */
  revision: string;
  flows: number;
  /** One line a fault, `path:line:column: message`; empty while the files are in force. */
  refused: string[];
}

/** Provider token of the `Supervisor` of a process that `startService` runs; others have none. */
export const SUPERVISOR: unique symbol = Symbol('stellwerk.supervisor');

/** Whoever started this process and hears it over a channel, as `npm start` does. Without one nobody is told. */
export class Supervisor {
  readonly #held: ConfigTold[] = [];
  #listening = false;

  /** Says where it listens, and then what was held back until then. */
  listening(told: Omit<Listening, 'event'>): void {
    this.#listening = true;
    this.#send({ event: 'listening', ...told });
    for (const message of this.#held.splice(0)) this.#send(message);
  }

  /** Nothing comes before where the service listens: whoever starts one waits for its first message. */
  tell(message: ConfigTold): void {
    if (this.#listening) this.#send(message);
    else this.#held.push(message);
  }

  #send(message: Listening | ConfigTold): void {
    if (process.connected) process.send?.(message);
  }
}
