import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/\.repository\.ts$/, /^services\/[^/]+\/migrations\//, /^libs\/(database|local-servers|testing)\//, /\.tables\.ts$/];
const SQL = /(['"`]|^)\s*(SELECT\s.+|INSERT INTO\s|UPDATE\s+\S+\s+SET\b|DELETE FROM\s|CREATE (TABLE|UNIQUE INDEX|INDEX|SCHEMA|TYPE)\s|ALTER TABLE\s|WITH \w+ AS \()/;

/** Rule 15: one place a service to read to know what it does to its tables. `.tables.ts` holds those a lib adds to a migration. */
export const sqlInRepositories: Check = {
  name: 'SQL only in *.repository.ts and migrations',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, SQL, 'SQL belongs into a *.repository.ts or a migration')),
};
