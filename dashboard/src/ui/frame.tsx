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

/** What is around every page. */
export const Frame = ({ stream, children }: { stream: StreamState; children: ComponentChildren }): JSX.Element => (
  <>
    <header class="top">
      <a class="home" href="/" onClick={follow('/')}><Mark />Stellwerk</a>
      <span class={`live live-${stream}`} role="status">{WORDS[stream]}</span>
      <nav class="docs"><a href="/dead-letters" onClick={follow('/dead-letters')}>Dead letters</a> <a href="/api/docs">API</a></nav>
    </header>
    {stream === 'lost' && <div class="banner" role="alert">The connection is lost; what you see may be old. Trying again …</div>}
    <main>{children}</main>
  </>
);
