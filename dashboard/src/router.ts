import { useEffect, useState } from 'preact/hooks';

export type Route = { page: 'runs' } | { page: 'flows' } | { page: 'letters' } | { page: 'run'; id: string } | { page: 'unknown' };

export const routeOf = (path: string): Route => {
  if (path === '/' || path === '/index.html' || /^\/runs\/?$/.test(path)) return { page: 'runs' };
  if (/^\/flows\/?$/.test(path)) return { page: 'flows' };
  if (/^\/dead-letters\/?$/.test(path)) return { page: 'letters' };
  const id = /^\/runs\/([^/]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { page: 'unknown' } : { page: 'run', id: decodeURIComponent(id) };
};

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;

export const navigate = (path: string): void => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  scrollTo(0, 0);
};

/** Follows a plain click inside the page; anything else (new tab, middle button) is the browser's. */
export const follow = (path: string) => (event: MouseEvent): void => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(path);
};

export const useRoute = (): Route => {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const changed = (): void => setPath(location.pathname);
    addEventListener('popstate', changed);
    return () => removeEventListener('popstate', changed);
  }, []);
  return routeOf(path);
};
