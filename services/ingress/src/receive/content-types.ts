import type { Platform } from '@stellwerk/contracts';

export type BodyForm = 'json' | 'form';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** How a body of this content type is to be read; undefined when the platform does not send such. GitHub alone sends forms. */
export const bodyForm = (contentType: string | undefined, platform: Platform): BodyForm | undefined => {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === undefined) return undefined;
  if (JSON_TYPE.test(mediaType)) return 'json';
  return mediaType === FORM_TYPE && platform === 'github' ? 'form' : undefined;
};
