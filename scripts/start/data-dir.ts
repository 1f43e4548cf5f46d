import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, portIsFree } from '@stellwerk/local-servers';

/** The folder that keeps the state between starts, and what is where in it. */
export class DataDir {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(join(path, 'logs'), { recursive: true });
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  log(name: string): string {
    return this.file('logs', `${name}.log`);
  }

  /** The same port at every start, as clients may keep it; another one when somebody else took it meanwhile. */
  async port(name: string): Promise<number> {
    const ports = this.#read<Record<string, number>>('ports.json');
    const kept = ports[name];
    if (kept !== undefined && await portIsFree(kept)) return kept;
    const port = await freePort();
    this.#write('ports.json', { ...ports, [name]: port }, 0o644);
    return port;
  }

  /** A random secret, made once. */
  secret(name: string): string {
    const secrets = this.#read<Record<string, string>>('secrets.json');
    const kept = secrets[name];
    if (kept !== undefined) return kept;
    const made = randomBytes(32).toString('hex');
    this.#write('secrets.json', { ...secrets, [name]: made }, 0o600);
    return made;
  }

  #read<T extends object>(name: string): T {
    const file = this.file(name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as T : {} as T;
  }

  #write(name: string, value: object, mode: number): void {
    writeFileSync(this.file(name), `${JSON.stringify(value, null, 2)}\n`, { mode });
  }
}
