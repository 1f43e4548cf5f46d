import { useEffect, useState } from 'preact/hooks';
import { getConfig, getFlows, type ConfigInForce, type FlowInForce } from '../api/flows.client.js';
import { textOf } from '../ui/text-of.js';

const LOOK_MS = 10_000;

export interface Config {
  inForce: ConfigInForce | undefined;
  error: string | undefined;
}

/** The state of the configuration, looked at again every few seconds. What was seen last stays while the service is away. */
export const useConfig = (): Config => {
  const [inForce, setInForce] = useState<ConfigInForce>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let current = true;
    const look = (): void => void getConfig().then(
      (found) => { if (current) { setInForce(found); setError(undefined); } },
      (fault: unknown) => { if (current) setError(textOf(fault)); },
    );
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => { current = false; clearInterval(timer); };
  }, []);
  return { inForce, error };
};

/** The flows of that set; there may be thousands, so they are loaded again only when another set is in force. */
export const useFlows = (revision: string | undefined): { items: FlowInForce[] | undefined; error: string | undefined } => {
  const [items, setItems] = useState<FlowInForce[]>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (revision === undefined) return;
    getFlows().then((found) => { setItems(found.items); setError(undefined); }, (fault: unknown) => setError(textOf(fault)));
  }, [revision]);
  return { items, error };
};
