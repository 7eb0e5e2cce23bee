// What npm installs with a package, read from the project's lock file.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folders below `top` of these packages and of everything that they need at run time, as `node_modules/…`. */
export function closureOf(top, names) {
  const { packages } = JSON.parse(readFileSync(path.join(top, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const visit = (from, name) => {
    const location = locate(packages, from, name);
    // Optional ones are absent where they are for another machine.
    if (location === undefined || found.has(location) || !existsSync(path.join(top, location)))
      return;
    found.add(location);
    const { dependencies, optionalDependencies, peerDependencies } = packages[location];
    for (const next of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    }))
      visit(location, next);
  };
  for (const name of names) visit('', name);
  return [...found];
}

/** As Node looks for it: beside, then in each folder above. */
function locate(packages, from, name) {
  const location = [from, 'node_modules', name].filter(Boolean).join('/');
  if (packages[location]) return location;
  if (from === '') return undefined;
  return locate(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}
