/**
 * JavaScript source of `linearPattern(RE2JS, pattern)`: a regular expression of JSON Schema (ECMAScript, flag u) as one that takes
 * linear time (https://github.com/google/re2/wiki/Syntax). Throws for what that cannot do: references back, looking ahead or behind,
 * more than 1000 repetitions, properties that it does not know. As source, because a separate process evaluates it too: it cannot
 * import files of this package when a host bundles it.
 */
export const LINEAR_PATTERN_SOURCE = String.raw`
const SPACE = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACE = '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const TOKEN = /\\u\{([0-9a-fA-F]+)\}|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\c([A-Za-z])|\\k<|\\[1-9]|\\[pP]\{([^}]*)\}|\\[^]|\(\?[^:]?[=!]?|\[\^?\]?|[^]/gu;
function linearPattern(RE2JS, pattern) {
  // Throws for what is no expression of ECMAScript at all.
  new RegExp(pattern, 'u');
  let isInClass = false;
  const source = pattern.replace(TOKEN, (token, code, high, low, unit, control, property, at) => {
    const cannot = (what) => {
      throw new Error('the pattern ' + JSON.stringify(pattern.slice(0, 60)) + ' has ' + what + ' at position ' + (at + 1) + ', which cannot be evaluated in linear time');
    };
    if (code !== undefined) return '\\x{' + code + '}';
    if (high !== undefined) {
      return '\\x{' + (0x10000 + (parseInt(high, 16) - 0xd800) * 0x400 + parseInt(low, 16) - 0xdc00).toString(16) + '}';
    }
    if (unit !== undefined) return '\\x{' + unit + '}';
    if (control !== undefined) return '\\x{' + (control.charCodeAt(0) % 32).toString(16) + '}';
    if (property !== undefined) {
      return token.slice(0, 3) + property.replace(/^(?:Script|sc|General_Category|gc)=/, '') + '}';
    }
    if (token === '\\s') return isInClass ? SPACE : '[' + SPACE + ']';
    if (token === '\\S') return isInClass ? NO_SPACE : '[' + NO_SPACE + ']';
    if (token === '\\0') return '\\x00';
    if (token === '\\b' && isInClass) return '\\x08';
    if (token === '\\k<' || /^\\[1-9]$/.test(token)) return cannot('a reference back');
    if (token[0] === '\\') return token;
    if (isInClass) {
      if (token === ']') isInClass = false;
      // The expression [[] has a bracket in it, and [[:alpha:] no letters.
      return token[0] === '[' ? '\\[' + linearRest(token.slice(1)) : token;
    }
    if (token === '[]') return '[^\\x00-\\x{10ffff}]';
    if (token === '[^]') return '[\\x00-\\x{10ffff}]';
    if (token === '[' || token === '[^') {
      isInClass = true;
      return token;
    }
    if (token.startsWith('(?<') && !/[=!]$/.test(token)) return '(?P<';
    if (/^\(\?<?[=!]/.test(token)) return cannot(token.includes('<') ? 'a look behind' : 'a look ahead');
    if (token === '.') return '[^\\n\\r\\x{2028}\\x{2029}]';
    return token;
  });
  function linearRest(rest) {
    if (rest.endsWith(']')) isInClass = false;
    return rest;
  }
  try {
    return RE2JS.compile(source, 0);
  } catch (error) {
    const problem = String(error && error.message).replace(/^error parsing regexp: /, '');
    throw new Error('the pattern ' + JSON.stringify(pattern.slice(0, 60)) + ' cannot be evaluated in linear time: ' + problem);
  }
}
`;
