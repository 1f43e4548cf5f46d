import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';
import type { Check, SourceFile } from './check.ts';
import { consumerHandlersOf } from './consumer-handlers.check.ts';
import { environment } from './environment.check.ts';
import { fileLengthOf } from './file-length.check.ts';
import { natsInMessaging } from './nats-in-messaging.check.ts';
import { platformHttp } from './platform-http.check.ts';
import { platformWords } from './platform-words.check.ts';
import { readme } from './readme.check.ts';
import { repositoryFiles } from './repository-files.ts';
import { sqlInRepositories } from './sql-in-repositories.check.ts';

const file = (path: string, text: string): SourceFile => ({ path, text });
const places = (check: Check, ...files: SourceFile[]): string[] => check.run(files).map(({ path, line }) => `${path}:${line}`);
const use = 'services/router/src/runs/start-run.ts';

describe('each rule finds its seeded violation, and leaves the rightful place alone', () => {
  it.each<[Check, bad: string, home: string]>([
    [environment, 'const url = process.env.NATS_URL;', 'services/router/src/router.config.ts'],
    [sqlInRepositories, "await tx.query('SELECT id FROM runs');", 'services/router/src/runs/runs.repository.ts'],
    [sqlInRepositories, 'const sql = `\n  UPDATE runs SET state = $1`;', 'services/router/migrations/0001-runs.ts'],
    [natsInMessaging, "import { connect } from '@nats-io/transport-node';", 'libs/messaging/src/connection.ts'],
    [platformHttp, 'const answer = await fetch(url);', 'services/jenkins-connector/src/jenkins.client.ts'],
    [platformHttp, "import { HttpClient } from '@stellwerk/http';", 'services/notifier/src/deliveries/send.ts'],
    [platformWords, "if (name === 'pull_request') start();", 'libs/platforms/src/github/change.translator.ts'],
    [platformWords, "const path = 'create_flow_run';", 'services/webhook-connector/src/prefect/run.action.ts'],
  ])('$name', (check, bad, home) => {
    expect(places(check, file(use, bad))).toHaveLength(1);
    expect(places(check, file(home, bad))).toEqual([]);
  });

  it('a comment is no violation, an address in a text begins no comment', () => {
    expect(places(platformWords, file(use, '// as in pull_request\n/* merge_request */'))).toEqual([]);
    expect(places(platformWords, file(use, "const a = 'https://x'; const b = 'merge_request';"))).toEqual([`${use}:1`]);
  });

  it('a package without README, and one with a long one', () => {
    const long = file('libs/http/README.md', 'line\n'.repeat(100));
    expect(places(readme, file('libs/flows/package.json', '{}'), file('libs/http/package.json', '{}'), long)).toEqual(['libs/flows:1', 'libs/http/README.md:101']);
  });

  it('a consumer nobody handles', () => {
    const check = consumerHandlersOf([{ name: 'router-events', service: 'router', stream: 'EVENTS', filterSubjects: [], slots: 1 }]);
    expect(places(check, file('services/router/src/events.consumer.ts', "// 'router-events'"))).toEqual(['services/router/src:1']);
    expect(places(check, file('services/router/src/events.consumer.ts', "@EventPattern<string>('router-events', JETSTREAM)"))).toEqual([]);
  });

  it('a file that grew past the limit, and a known long one that grew', () => {
    const check = fileLengthOf({ [use]: 200 });
    expect(places(check, file(use, 'x\n'.repeat(200)), file('libs/http/src/a.ts', 'x\n'.repeat(161)))).toEqual(['libs/http/src/a.ts:161']);
    expect(places(check, file(use, 'x\n'.repeat(201)))).toEqual([`${use}:201`]);
  });
});

describe('the files looked at', () => {
  it('are the sources and nothing built or installed', () => {
    const paths = repositoryFiles(inRoot()).map(({ path }) => path);
    expect(paths).toContain('libs/contracts/src/index.ts');
    expect(paths.filter((path) => /node_modules|\/dist\//.test(path))).toEqual([]);
  });
});
