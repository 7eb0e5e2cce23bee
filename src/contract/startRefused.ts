/**
 * Why the hub does not start, in a sentence for the operator: what is wrong and what to do. Parse Server prints what keeps
 * it from starting: of this one the sentence, without a stack.
 */
export class StartRefused extends Error {
  // https://nodejs.org/api/util.html#utilinspectcustom
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.message;
  }
}
