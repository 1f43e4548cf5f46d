import { isWholeNumber } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';

/**
 * Reads a step's `with`, by the action's own words. Lint has seen it, but templates are filled in later: a wrong type is met here. Tests of flows
 * say the same in the same words (`faultOfWith` of libs/trial).
 */
export class Fields {
  constructor(private readonly action: string, private readonly values: Readonly<Record<string, unknown>>) {}

  /** @throws PermanentError when it is not there or not a text; a number is taken as it is written */
  text(name: string): string {
    const text = this.textOf(name);
    if (text === undefined) throw new PermanentError(`${this.action} needs \`${name}\``);
    return text;
  }

  /** Absent and empty are the same: a template may have given nothing. */
  textOf(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    throw this.#wrong(name, 'a text');
  }

  /** A whole number above 0, which a template may have written as text. @throws PermanentError when it is there and not one */
  integerOf(name: string): number | undefined {
    const text = this.textOf(name);
    if (text === undefined) return undefined;
    if (!isWholeNumber(text)) throw this.#wrong(name, 'a whole number above 0');
    return Number(text);
  }

  /** @throws PermanentError when it is missing or no whole number above 0 */
  integer(name: string): number {
    const value = this.integerOf(name);
    if (value === undefined) throw new PermanentError(`${this.action} needs \`${name}\``);
    return value;
  }

  booleanOf(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw this.#wrong(name, 'true or false');
  }

  mapOf(name: string): Record<string, unknown> | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw this.#wrong(name, 'a map');
    return value as Record<string, unknown>;
  }

  listOf(name: string): unknown[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value;
  }

  /** One of `words`. */
  wordOf<W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.textOf(name);
    if (text === undefined) return undefined;
    const word = words.find((one) => one === text);
    if (word === undefined) throw this.#wrong(name, `one of ${words.join(', ')}`);
    return word;
  }

  #wrong(name: string, expected: string): PermanentError {
    const value = this.values[name];
    return new PermanentError(`${this.action}: \`${name}\` is ${Array.isArray(value) ? 'a list' : typeof value}, expected ${expected}`);
  }
}

/** A map as platforms take it whose values are texts. */
export const asTexts = (values: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
