/** @jsxImportSource preact */
import type { JSX } from 'preact';
import { ConfigBanner } from './flows/config-state.js';
import { FlowsPage } from './flows/flows-page.js';
import { useConfig } from './flows/use-flows.js';
import { LettersPage } from './letters/letters-page.js';
import { useRoute } from './router.js';
import { RunPage } from './run/run-page.js';
import { RunsPage } from './runs/runs-page.js';
import { Frame } from './ui/frame.js';
import { TokenForm } from './ui/token-form.js';
import { useRuns } from './use-runs.js';

export const App = (): JSX.Element => {
  const route = useRoute();
  const runs = useRuns();
  const config = useConfig();
  if (runs.refused) return <Frame stream="connecting"><TokenForm reason={runs.refused} /></Frame>;
  return (
    <Frame stream={runs.stream} notice={<ConfigBanner config={config.inForce} />}>
      {route.page === 'runs' && <RunsPage runs={runs} />}
      {route.page === 'run' && <RunPage key={route.id} id={route.id} runs={runs} />}
      {route.page === 'flows' && <FlowsPage config={config} />}
      {route.page === 'letters' && <LettersPage />}
      {route.page === 'unknown' && <p class="empty">There is no such page. <a href="/">All runs</a></p>}
    </Frame>
  );
};
