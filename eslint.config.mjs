import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.{ts,tsx}', '{libs,services}/*/{test,spec}/**', 'libs/*/src/{test,spec}/**', 'e2e/**', 'bench/**', 'libs/testing/**', 'libs/simulators/**'];
const TYPED = ['libs/*/src/**/*.ts', 'services/*/{src,migrations,test,spec}/**/*.ts', 'cli/src/**/*.ts'];

/** Rule 15: the environment has one door a package. */
const NO_ENV = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'process.env is read in *.config.ts only; take what you need as an argument',
};

/** What would be done when nobody waits for a promise is decided by nobody. */
const PROMISES = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/only-throw-error': 'error',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.stellwerk/**', '.nx/**', 'coverage/**', '**/*.cjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      // Indexing that is known to be in bounds is written so; noUncheckedIndexedAccess makes it visible.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Nest modules are classes that hold nothing but their decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
      'preserve-caught-error': 'off',
      'no-console': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: TYPED, languageOptions: { parserOptions: { project: ['./tsconfig.check.json'] } }, rules: PROMISES },
  {
    files: ['libs/**/*.ts', 'services/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.ts'],
    ignores: ['**/*.config.ts', '**/*.tables.ts', 'services/*/migrations/**', ...SPECS],
    rules: {
      'no-restricted-syntax': ['error', NO_ENV],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: [...SPECS], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  // tsc checks these names, types included.
  { files: ['**/*.mjs'], rules: { 'no-undef': 'off' } },
);
