export interface DemoOptions { statusUrl: string; simulators: { github: string }; print: (line: string) => void }
export interface DemoResult { runId: string; state: string }
export const runDemo = (_options: DemoOptions): Promise<DemoResult> => Promise.reject(new Error('not yet'));
