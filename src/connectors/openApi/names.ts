const NAME_LENGTH_MAX = 100;

/**
 * Names that plain objects inherit, and `then`, which makes an object look like a promise: no action has one of them.
 */
const UNFIT = [...Object.getOwnPropertyNames(Object.prototype), 'then'];

/**
 * Returns `users/get-by-id` and `GET_users_by_ID` as `usersGetById` and `getUsersById`; `''` when no letter or digit is
 * left.
 */
export function camelCase(text: string): string {
  const words = text
    .slice(0, 4 * NAME_LENGTH_MAX)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const name = words
    .map((word, nth) => (nth === 0 ? lowerFirst(word) : upperFirst(word)))
    .join('')
    .slice(0, NAME_LENGTH_MAX);
  return /^\d/.test(name) ? `n${name}` : name;
}

/** Returns `URLList` as `urlList`, `IDs` as `ids`, `ListPets` as `listPets`. */
function lowerFirst(word: string): string {
  if (/^[A-Z0-9]+s?$/.test(word)) return word.toLowerCase();
  return word.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

function upperFirst(word: string): string {
  const rest = /^[A-Z0-9]{2,}$/.test(word) ? word.slice(1).toLowerCase() : word.slice(1);
  return word.slice(0, 1).toUpperCase() + rest;
}

/** Returns a function that gives out each name once: the second `listPets` becomes `listPets2`. */
export function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>(UNFIT);
  // Where to continue counting, so that ten thousand equal names do not take ten thousand searches.
  const counts = new Map<string, number>();
  return (wanted) => {
    let name = wanted;
    let count = counts.get(wanted) ?? 1;
    while (taken.has(name)) name = `${wanted}${++count}`;
    counts.set(wanted, count);
    taken.add(name);
    return name;
  };
}
