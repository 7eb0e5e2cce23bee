// Finds the packages that npm installs with a package, from the project's lock file.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Returns the folders below `top` of these packages and of all their run-time dependencies, as `node_modules/…`. */
export function closureOf(top, names) {
  const { packages } = JSON.parse(readFileSync(path.join(top, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const visit = (from, name) => {
    const location = locate(packages, from, name);
    // Optional packages for other platforms are not installed.
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

/** Finds a package as Node does: in the same folder, then in each folder above. */
function locate(packages, from, name) {
  const location = [from, 'node_modules', name].filter(Boolean).join('/');
  if (packages[location]) return location;
  if (from === '') return undefined;
  return locate(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}
