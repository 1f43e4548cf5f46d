/** @jsxImportSource preact */
import type { JSX } from 'preact';
import type { ConfigInForce } from '../api/flows.client.js';
import { follow } from '../router.js';

/** On every page: what people look at runs by older rules than the files hold. */
export const ConfigBanner = ({ config }: { config: ConfigInForce | undefined }): JSX.Element | null =>
  (config === undefined || config.faults.length === 0 ? null : (
    <div class="banner config-refused" role="alert">
      The newest change of the configuration is refused; what was in force before it still is. <a href="/flows" onClick={follow('/flows')}>See why</a>
    </div>
  ));

const Faults = ({ faults }: { faults: string[] }): JSX.Element => (
  <section class="problem" aria-label="Why the change is refused">
    <p>{faults.length === 1 ? 'One fault keeps' : `${faults.length} faults keep`} the newest files from coming into force:</p>
    <ul class="faults">{faults.map((fault) => <li key={fault}><code>{fault}</code></li>)}</ul>
  </section>
);

const elsewhere = ({ service, revisions }: ConfigInForce['services'][number]): string =>
  `${service} has ${revisions.map((revision) => revision.slice(0, 12)).join(' and ')} in force`;

/** The revision in force, why another one is not, and who has another one. */
export const ConfigState = ({ config }: { config: ConfigInForce }): JSX.Element => {
  const others = config.services.filter(({ agrees }) => agrees === false);
  const silent = config.services.filter(({ agrees }) => agrees === null).map(({ service }) => service);
  return (
    <>
      <p class="dim">Configuration <code title={config.revision}>{config.revision.slice(0, 12)}</code>{others.length + silent.length === 0 && ', the same in all services'}</p>
      {others.length > 0 && <p class="problem" role="alert">Not all services go by it: {others.map(elsewhere).join('; ')}.</p>}
      {silent.length > 0 && <p class="dim">Not known of {silent.join(', ')}: no answer.</p>}
      {config.faults.length > 0 && <Faults faults={config.faults} />}
    </>
  );
};
