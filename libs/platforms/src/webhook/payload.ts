import { instant } from '../shared/instants.js';
import { shape, text } from '../shared/read.js';

/** The envelope that Standard Webhooks proposes; everything is optional. */
export const standardEnvelope = shape({ type: text, timestamp: instant, STELLWERK_ID: text });
