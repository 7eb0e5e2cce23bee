// A runner for jest whose workers load Parse Server and the hub once, not once a file. What a file imports beside itself is
// shared with the files before it in its worker; `describe`, `it` and `expect` are jest's own.
import { SpecWorker } from './specWorker.mjs';

export default class SharedRunner {
  // What TestScheduler asks: https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-core/src/TestScheduler.ts
  isSerial = false;
  supportsEventEmitters = false;

  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  async runTests(tests, watcher, ...callbacks) {
    const [onStart, onResult, onFailure] = callbacks;
    const queue = [...tests];
    const isOver = () => queue.length === 0 || watcher.isInterrupted();
    const seats = Math.min(this.globalConfig.maxWorkers, tests.length);
    const run = { queue, isOver, onStart, onResult, onFailure };
    await Promise.all(Array.from({ length: seats }, () => this.work(run)));
  }

  /** Runs files in one worker after the other until there are none left. */
  async work(run) {
    while (!run.isOver()) {
      const worker = new SpecWorker(this.globalConfig);
      const last = await this.workIn(worker, run);
      // A worker that fails while it ends fails the file that it ran last: otherwise nobody would hear of it.
      await worker.end().catch((error) => run.onFailure(last, error));
    }
  }

  /** Runs files in `worker` until it is used up, and returns the last of them. */
  async workIn(worker, { queue, isOver, onStart, onResult, onFailure }) {
    let test;
    do {
      test = queue.shift();
      await onStart(test);
      try {
        // The worker that takes the last file there is takes no other.
        await onResult(test, await worker.run(test, { isLast: queue.length === 0 }));
      } catch (error) {
        await onFailure(test, error);
      }
    } while (!worker.isUsedUp && !isOver());
    return test;
  }
}
