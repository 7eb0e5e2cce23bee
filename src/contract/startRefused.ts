/**
 * Why the hub does not start, in a message for the operator: what is wrong and what to do. Parse Server prints errors
 * that keep it from starting: of this one only the message, without a stack.
 */
export class StartRefused extends Error {
  // https://nodejs.org/api/util.html#utilinspectcustom
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.message;
  }
}
