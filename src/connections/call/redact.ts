/** Shorter ones are too likely to be something else. */
const SECRET_LENGTH_MIN = 6;
const REMOVED = '[removed]';

/** Removes secrets from a text, also as they are written in JSON, in forms and in addresses. */
export function cleaner(secrets: readonly string[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => forms.reduce((left, each) => left.replaceAll(each, REMOVED), text);
}

/** Longest first, so that one that is a part of another leaves nothing of it. */
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
