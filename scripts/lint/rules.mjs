// Custom lint rules.
import path from 'node:path';

/** @type {import('eslint').Rule.RuleModule} */
const disableWithReason = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: 'Add the reason: `eslint-disable-… rule -- reason`.' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!/^\s*eslint-disable/.test(comment.value)) continue;
          if (!/\s--\s+\S/.test(comment.value))
            context.report({ loc: comment.loc, messageId: 'missing' });
        }
      },
    };
  },
};

const DRAWERS = /^(utils?|helpers?|common|misc|types|models)$/i;

/** @type {import('eslint').Rule.RuleModule} */
const nameSaysWhat = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      drawer: '"{{part}}" does not say what the file contains: name the thing or the action.',
      shape: '"{{name}}": file names are camelCase; in schemas/ they are PascalCase.',
    },
  },
  create(context) {
    return {
      Program(node) {
        const parts = path.relative(context.cwd, context.filename).split(path.sep);
        const name = parts
          .pop()
          .replace(/(\.db|\.browser|(\.nginx)?\.long)?(\.spec|\.check|\.config)?\.[cm]?[jt]s$/, '');
        // spec/types contains compile-time specs.
        const folders = parts[0] === 'spec' ? parts.filter((part) => part !== 'types') : parts;
        const part = [...folders, name].find((each) => DRAWERS.test(each));
        if (part !== undefined) context.report({ node, messageId: 'drawer', data: { part } });
        const shape =
          parts[0] === 'schemas' && name !== 'index'
            ? /^[A-Z][A-Za-z0-9]*$/
            : /^[a-z0-9][A-Za-z0-9]*$/;
        // Regressions have the number of their issue; declarations of other packages have the package's name.
        const free = (parts[0] === 'spec' && parts[1] === 'regressions') || name.endsWith('.d');
        if (!shape.test(name) && !free)
          context.report({ node, messageId: 'shape', data: { name } });
      },
    };
  },
};

export const ours = {
  rules: { 'disable-with-reason': disableWithReason, 'name-says-what': nameSaysWhat },
};
