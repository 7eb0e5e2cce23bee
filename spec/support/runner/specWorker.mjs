// Controls a process in which specs run, from the process of jest.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('./worker.mjs', import.meta.url));
/** A worker without a sign of life for this long is in an endless loop. Some specs wait for npm or tsc. */
const SILENCE_MS = 600_000;
const END_MS = 60_000;
const OUTPUT_MAX = 20_000;

export class SpecWorker {
  /** Whether it must not be given another file. */
  isUsedUp = false;
  #isDead = false;
  #child;
  #exited;
  #output = '';
  #memoryMax;

  constructor(globalConfig) {
    this.#memoryMax = globalConfig.collectCoverage ? Infinity : globalConfig.workerIdleMemoryLimit;
    this.#child = fork(FILE, [], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: process.env.NODE_ENV ?? 'test' },
    });
    this.#exited = once(this.#child, 'exit').then(([code, signal]) => code ?? signal);
    for (const name of ['stdout', 'stderr']) {
      this.#child[name].on('data', (chunk) => {
        // Its output is shown when it dies, or at once with --silent=false.
        this.#output = (this.#output + chunk).slice(-OUTPUT_MAX);
        if (!globalConfig.silent) process[name].write(chunk);
      });
    }
    this.#send({ kind: 'begin', globalConfig });
  }

  /** Runs one file, and returns its result in the form that jest expects. Throws when the worker dies. */
  async run({ path, context }, { isLast }) {
    this.#send({ kind: 'run', path, config: context.config, isLast });
    const news = await this.#next();
    if (news.kind === 'failed') throw news.error;
    this.isUsedUp ||= news.memory > this.#memoryMax;
    return news.result;
  }

  /** Ends the worker, which closes its shared resources first. Throws when it fails. */
  async end() {
    if (this.#isDead) return;
    this.#send({ kind: 'end' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    const code = await this.#exited;
    clearTimeout(timer);
    if (code !== 0) throw this.#death(code);
  }

  #send(order) {
    this.#child.send(order, () => undefined);
  }

  /** Returns the next message other than a sign of life. Throws when the process ends or falls silent. */
  async #next() {
    let timer;
    let listener;
    const heard = new Promise((resolve) => {
      const watch = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.#child.kill('SIGKILL');
          resolve({ silent: true });
        }, SILENCE_MS);
      };
      watch();
      listener = (news) => {
        if (news.kind === 'alive') watch();
        else resolve({ news });
      };
      this.#child.on('message', listener);
    });
    const { news, silent, code } = await Promise.race([
      heard,
      this.#exited.then((code) => ({ code })),
    ]);
    clearTimeout(timer);
    this.#child.off('message', listener);
    if (news) return news;
    this.isUsedUp = true;
    this.#isDead = true;
    if (silent) {
      throw fault(
        `Its process was killed: it was busy without a pause for ${String(SILENCE_MS / 1000)} s.`,
      );
    }
    throw this.#death(code);
  }

  #death(code) {
    return fault(`The process of this spec ended unexpectedly (${String(code)}).\n${this.#output}`);
  }
}

function fault(message) {
  // The stack of this code is of no use.
  return { message, stack: message };
}
