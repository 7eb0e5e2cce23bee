/** The shortest hub secret that is accepted, in characters. */
const HUB_SECRET_LENGTH_MIN = 32;

/** What is wrong with a hub secret, as a sentence; `undefined` when it is accepted. */
export function checkHubSecret(text: string): string | undefined {
  return text.length >= HUB_SECRET_LENGTH_MIN
    ? undefined
    : `The hub secret must have at least ${HUB_SECRET_LENGTH_MIN} characters, at best random ones: openssl rand -base64 32 makes one.`;
}
