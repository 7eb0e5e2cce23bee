// TypeScript to JavaScript for jest. esbuild only strips types; `npm run check` is what checks them.
import { transformSync } from 'esbuild';

export default {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: path,
      sourcemap: 'both',
    });
    return { code, map };
  },
};
