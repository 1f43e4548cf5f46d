import { restoreIntl } from './intl-on-demand.js';

restoreIntl();
