/**
 * Why the server cannot start, in one sentence for the person at the terminal: what is wrong and what to do. Whoever
 * catches it prints the sentence and exits with 1, without a stack.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
