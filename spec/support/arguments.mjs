// Refuses command lines that jest would misunderstand.
const PROJECTS = ['pure', 'postgres', 'mongodb', 'browser'];

/** Throws when --selectProjects, which takes everything up to the next option, would read paths as names of projects. */
export function checkArguments(argv) {
  const at = argv.indexOf('--selectProjects');
  if (at === -1) return;
  const rest = argv.slice(at + 1);
  const end = rest.findIndex((argument) => argument.startsWith('-'));
  const wrong = rest
    .slice(0, end === -1 ? undefined : end)
    .find((name) => !PROJECTS.includes(name));
  if (wrong === undefined) return;
  throw new Error(
    `There is no project ${wrong}. Write paths before --selectProjects, which takes all names that follow it: ${PROJECTS.join(', ')}.`,
  );
}
