import { describeGoldenPairs } from '../../golden.js';

describeGoldenPairs('webhook', new URL('golden/', import.meta.url));
