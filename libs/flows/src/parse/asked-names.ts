import { isDeepStrictEqual } from 'node:util';
import type { Platform } from '@stellwerk/contracts';
import type { ChannelType } from '../model.js';
import type { Kind } from '../schema/kinds.js';
import type { Use } from './acted-on.js';
import type { KnownNames } from './known-names.js';

/** A question about the other files, and what the answer was. */
export interface Asked {
  ask: (names: KnownNames) => unknown;
  answer: unknown;
}

/** The names, and what a check wanted to know of them: it finds the same again for as long as it would be told the same. */
export class AskedNames implements KnownNames {
  readonly #asked = new Map<string, Asked>();

  constructor(private readonly names: KnownNames) {}

  has(kind: Kind, name: string): boolean {
    return this.#ask(`has ${kind} ${name}`, (names) => names.has(kind, name));
  }

  all(kind: Kind): readonly string[] {
    return this.#ask(`all ${kind}`, (names) => names.all(kind));
  }

  platformOf(connection: string): Platform | undefined {
    return this.#ask(`platform ${connection}`, (names) => names.platformOf(connection));
  }

  hasUrl(connection: string): boolean {
    return this.#ask(`url ${connection}`, (names) => names.hasUrl(connection));
  }

  takesHooks(connection: string): boolean {
    return this.#ask(`hooks ${connection}`, (names) => names.takesHooks(connection));
  }

  allowedBy(connection: string): readonly string[] {
    return this.#ask(`allowed ${connection}`, (names) => names.allowedBy(connection));
  }

  branchesOf(environment: string): readonly string[] | undefined {
    return this.#ask(`branches ${environment}`, (names) => names.branchesOf(environment));
  }

  mayAsk(environment: string): boolean {
    return this.#ask(`approval ${environment}`, (names) => names.mayAsk(environment));
  }

  leaves(environment: string, name: string): boolean {
    return this.#ask(`leaves ${environment} ${name}`, (names) => names.leaves(environment, name));
  }

  leftAt(environment: string): readonly string[] {
    return this.#ask(`left ${environment}`, (names) => names.leftAt(environment));
  }

  usesOf(connection: string): readonly Use[] {
    return this.#ask(`uses ${connection}`, (names) => names.usesOf(connection));
  }

  channelTypeOf(channel: string): ChannelType | undefined {
    return this.#ask(`type ${channel}`, (names) => names.channelTypeOf(channel));
  }

  /** What was asked so far, each question once. */
  asked(): readonly Asked[] {
    return [...this.#asked.values()];
  }

  #ask<T>(question: string, ask: (names: KnownNames) => T): T {
    const answer = ask(this.names);
    this.#asked.set(question, { ask, answer });
    return answer;
  }
}

/** Whether all of it would be answered now as it was then. */
export const isAnsweredAlike = (asked: readonly Asked[], names: KnownNames): boolean =>
  asked.every(({ ask, answer }) => {
    const now = ask(names);
    return now === answer || isDeepStrictEqual(now, answer);
  });
