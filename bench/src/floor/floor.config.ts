export const FLOOR_STREAM = 'FLOOR';
export const FLOOR_SUBJECT = 'floor.hooks';
export const FLOOR_CONSUMER = 'floor';

/** What the two processes of the floor are told. */
export const floorConfig = (env: NodeJS.ProcessEnv = process.env): { natsUrl: string; secret: string; platformUrl: string } => ({
  natsUrl: env['NATS_URL']!, secret: env['FLOOR_SECRET']!, platformUrl: env['FLOOR_PLATFORM_URL']!,
});
