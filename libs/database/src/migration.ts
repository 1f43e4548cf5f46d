import type { MigrationInterface } from 'typeorm';

export type { MigrationInterface, QueryRunner } from 'typeorm';

/** A TypeORM migration. Its class name (or `name`) ends with a 13-digit timestamp, e.g. `CreateInbox1764000000000`. */
export type MigrationClass = new () => MigrationInterface;
