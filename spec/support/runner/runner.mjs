// A runner for jest whose workers load Parse Server and the hub once, not once per file. The modules that a file imports are
// shared with the files before it in its worker. `describe`, `it` and `expect` are jest's own.
import { SpecWorker } from './specWorker.mjs';

export default class SharedRunner {
  // TestScheduler requires these: https://github.com/jestjs/jest/blob/v30.0.0/packages/jest-core/src/TestScheduler.ts
  isSerial = false;
  supportsEventEmitters = false;

  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  async runTests(tests, watcher, ...callbacks) {
    const [onStart, onResult, onFailure] = callbacks;
    const queue = [...tests];
    const isOver = () => queue.length === 0 || watcher.isInterrupted();
    const workers = Math.min(this.globalConfig.maxWorkers, tests.length);
    const run = { queue, isOver, onStart, onResult, onFailure };
    await Promise.all(Array.from({ length: workers }, () => this.work(run)));
  }

  /** Runs files in one worker after the other until there are none left. */
  async work(run) {
    while (!run.isOver()) {
      const worker = new SpecWorker(this.globalConfig);
      const last = await this.workIn(worker, run);
      // A worker that fails while it ends fails the file that it ran last: otherwise the failure would be lost.
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
        // The worker of the last file in the queue gets no other file.
        await onResult(test, await worker.run(test, { isLast: queue.length === 0 }));
      } catch (error) {
        await onFailure(test, error);
      }
    } while (!worker.isUsedUp && !isOver());
    return test;
  }
}
