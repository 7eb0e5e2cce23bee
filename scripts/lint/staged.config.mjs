// What a commit may not be without; npm run check looks at everything.
const lint = 'eslint -c scripts/lint/eslint.config.mjs --max-warnings=0 --no-warn-ignored --fix';

export default {
  '*.{ts,mjs,cjs}': [lint, 'prettier --write'],
  '*.{md,json}': 'prettier --write',
};
