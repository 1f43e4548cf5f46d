import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/\.client\.ts$/, /^services\/notifier\/src\/deliveries\/send\.ts$/, /\.module\.ts$/, /^libs\/connector-kit\/src\/calls\//, /^libs\/(http|simulators|testing|local-servers)\//];
const CALLS = /(?<![.\w])fetch\(|\bnew HttpClient\(|import (?!type)[^;]*\bHttpClient\b|import (?!\{ createServer\b)[^;]* from '(node:)?https'|\bhttp\.request\(/;

/** Rule 15: what leaves the house leaves by a *.client.ts (a platform) or the notifier's one sender (people), through libs/http; connector-kit's calls put breaker and rate gate around it. */
export const platformHttp: Check = {
  name: 'platform HTTP only in *.client.ts',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, CALLS, 'outgoing HTTP belongs into a *.client.ts')),
};
