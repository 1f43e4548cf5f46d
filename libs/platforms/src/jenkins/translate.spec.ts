import { describeGoldenPairs } from '../../golden.js';

describeGoldenPairs('jenkins', new URL('golden/', import.meta.url));
