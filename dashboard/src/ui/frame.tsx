/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact';
import type { StreamState } from '../api/run-stream.js';
import { follow } from '../router.js';

const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" />
    <path d="M6 22h20M12 22c5 0 5-12 11-12h3" />
    <circle cx="7" cy="11" r="3" />
  </svg>
);

const WORDS: Record<StreamState, string> = { connecting: 'connecting', live: 'live', lost: 'not connected' };

interface FrameProps {
  stream: StreamState;
  /** Above every page. */
  notice?: ComponentChildren;
  children: ComponentChildren;
}

/** What is around every page. */
export const Frame = ({ stream, notice, children }: FrameProps): JSX.Element => (
  <>
    <header class="top">
      <a class="home" href="/" onClick={follow('/')}><Mark />Stellwerk</a>
      <span class={`live live-${stream}`} role="status">{WORDS[stream]}</span>
      <nav class="docs"><a href="/flows" onClick={follow('/flows')}>Flows</a> <a href="/dead-letters" onClick={follow('/dead-letters')}>Dead letters</a> <a href="/api/docs">API</a></nav>
    </header>
    {stream === 'lost' && <div class="banner" role="alert">The connection is lost; what you see may be old. Trying again …</div>}
    {notice}
    <main>{children}</main>
  </>
);
