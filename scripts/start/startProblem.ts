/**
 * The server cannot start. The message is for the user of the terminal: what is wrong and what to do. The script that catches it
 * prints the message without a stack and exits with 1.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
