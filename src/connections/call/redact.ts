/** Shorter secrets are not removed: they occur in ordinary text. */
const SECRET_LENGTH_MIN = 6;
const REMOVED = '[removed]';

/** Returns a function that removes secrets from a text, also as they are written in JSON, in forms and in URLs. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => forms.reduce((left, each) => left.replaceAll(each, REMOVED), text);
}

/**
 * Returns every form of the secrets, longest first, so that a secret within a longer one does not leave the rest of it.
 */
export function formsOf(secrets: readonly string[]): readonly string[] {
  const forms = secrets
    .filter(({ length }) => length >= SECRET_LENGTH_MIN)
    .flatMap((secret) => {
      const json = JSON.stringify(secret).slice(1, -1);
      const form = new URLSearchParams({ '': secret }).toString().slice(1);
      return [
        ...[secret, json, json.replaceAll('/', String.raw`\/`)],
        ...[form, form.replaceAll('+', '%20')],
      ];
    });
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}
