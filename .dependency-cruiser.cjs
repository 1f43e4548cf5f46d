// Who may import whom. A lib is named by its folder; what is not in its row it may not import.
const LIBS = {
  contracts: [],
  'local-servers': [],
  simulators: [],
  'service-kit': ['contracts'],
  platforms: ['contracts'],
  flows: ['contracts'],
  trial: ['flows', 'platforms', 'contracts'],
  http: ['service-kit', 'contracts'],
  database: ['service-kit', 'contracts'],
  messaging: ['contracts', 'service-kit'],
  config: ['flows', 'platforms', 'service-kit', 'contracts'],
  'connector-kit': ['contracts', 'messaging', 'database', 'http', 'config', 'service-kit', 'flows', 'platforms'],
};
// Specs, and what specs of a package share.
const SPEC = '\\.spec\\.tsx?$|^(libs|services)/[^/]+/(src/)?(test|spec)/';
const CODE = '^(libs|services|cli|dashboard)/';

const libRule = ([lib, allowed]) => ({
  name: `${lib}-imports`,
  comment: `${lib} may import ${allowed.length ? allowed.join(', ') : 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: SPEC },
  to: { path: CODE, pathNot: [`^libs/(${[lib, ...allowed].join('|')})/`] },
});

const only = (name, comment, packages, homes) => ({
  name, comment, severity: 'error',
  from: { path: CODE, pathNot: [...homes.map((home) => `^${home}`), SPEC, '^libs/testing/'] },
  to: { path: `node_modules/(${packages.join('|')})(/|$)` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(LIBS).map(libRule),
    {
      name: 'no-service-to-service', severity: 'error',
      comment: 'services talk through streams, never by import',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'connector-kit-in-connectors-only', severity: 'error',
      from: { path: '^services/', pathNot: '^services/[^/]+-connector/' },
      to: { path: '^libs/connector-kit/' },
    },
    {
      name: 'service-imports', severity: 'error',
      comment: 'what starts servers or plays platforms is no part of a service',
      from: { path: '^services/', pathNot: SPEC },
      to: { path: '^(libs/(testing|simulators|local-servers)|cli|dashboard|scripts|e2e)/' },
    },
    {
      name: 'cli-imports', severity: 'error',
      from: { path: '^cli/', pathNot: SPEC },
      to: { path: CODE, pathNot: '^(cli|libs/(flows|platforms|config|contracts|trial))/' },
    },
    {
      name: 'testing-in-specs-only', severity: 'error',
      from: { path: '^(libs|services|cli|dashboard|scripts)/', pathNot: [SPEC, '^libs/testing/', '(^|/)conformance/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'packages-by-their-name', severity: 'error',
      comment: 'a package has one face, its index: no path into the sources of another one',
      from: { path: '^((libs|services)/[^/]+|cli|dashboard)/' },
      to: { path: CODE, pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-circle', severity: 'error',
      from: { path: CODE },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'edges-do-not-look-inwards', severity: 'error',
      comment: 'controller or consumer → use case → repository, client; never back',
      from: { path: '\\.(repository|client|rules)\\.ts$' },
      to: { path: '\\.(controller|consumer|module)\\.ts$' },
    },
    {
      name: 'pure-libs', severity: 'error',
      comment: 'contracts, platforms, flows and trial decide; they neither read nor write',
      from: { path: '^libs/(contracts|platforms|flows|trial)/', pathNot: SPEC },
      to: { path: '^(node:)?(fs|fs/promises|http|https|child_process|dns|worker_threads)$|node_modules/(@nestjs|pg|undici|typeorm|@nats-io)(/|$)' },
    },
    only('nats-in-messaging', 'only libs/messaging knows JetStream', ['@nats-io'], ['libs/messaging/']),
    only('database-in-database', 'drivers are behind libs/database', ['pg', 'typeorm', '@nestjs/typeorm'], ['libs/database/', 'libs/local-servers/', 'services/[^/]+/migrations/']),
    only('undici-in-http', 'outgoing requests go through the checks of libs/http', ['undici'], ['libs/http/', 'libs/simulators/']),
    only('zod-in-flows', 'zod describes the YAML kinds; messages have class-validator', ['zod'], ['libs/flows/']),
    only('nodemailer-in-smtp-client', 'mails go through the address checks of libs/http', ['nodemailer'], ['services/notifier/src/channels/smtp\\.client\\.ts']),
    only('opossum-in-connector-kit', 'one breaker, in one place', ['opossum'], ['libs/connector-kit/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Our builds; packages of others have a dist/ too, and rules are about them.
    exclude: { path: ['^(libs|services)/[^/]+/dist/', '^(cli|dashboard)/dist/'] },
    tsPreCompilationDeps: true,
    // The sources of our packages, not their builds. No tsConfig: its own conditions would be added to these.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@stellwerk/source', 'types', 'import', 'node', 'default'] },
  },
};
