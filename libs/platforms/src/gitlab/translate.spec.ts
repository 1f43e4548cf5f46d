import { describeGoldenPairs } from '../../golden.js';

describeGoldenPairs('gitlab', new URL('golden/', import.meta.url));
