/** The minimum length of a hub secret, in characters. */
const HUB_SECRET_LENGTH_MIN = 32;

/** Returns what is wrong with a hub secret, as a sentence; `undefined` when it is accepted. */
export function checkHubSecret(text: string): string | undefined {
  return text.length >= HUB_SECRET_LENGTH_MIN
    ? undefined
    : `The hub secret must have at least ${HUB_SECRET_LENGTH_MIN} characters, ideally random ones: openssl rand -base64 32 generates one.`;
}
