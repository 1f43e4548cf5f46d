import { describeGoldenPairs } from '../../golden.js';

describeGoldenPairs('github', new URL('golden/', import.meta.url));
