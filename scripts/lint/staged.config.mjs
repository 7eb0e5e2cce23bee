// Checks of the staged files before each commit. npm run check runs all checks.
const lint = 'eslint -c scripts/lint/eslint.config.mjs --max-warnings=0 --no-warn-ignored --fix';

export default {
  '*.{ts,mjs,cjs}': [lint, 'prettier --write'],
  '*.{md,json}': 'prettier --write',
};
