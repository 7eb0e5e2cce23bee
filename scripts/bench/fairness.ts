import { setTimeout as sleep } from 'node:timers/promises';

import { say } from '../start/say.js';
import { callsInFlight } from './fairness/callsInFlight.js';
import { expressions } from './fairness/expressions.js';
import { quietMs, startLoud } from './fairness/load.js';
import type { LoudCount } from './fairness/loudClient.js';
import type { FairnessPart, FairnessScene } from './fairness/part.js';
import { schemas } from './fairness/schemas.js';
import { verification } from './fairness/verification.js';
import { median } from './measure.js';
import type { Stage } from './stage.js';
import { printTable } from './table.js';

/** To add one, write a file like expressions.ts and list it here. */
const PARTS: readonly FairnessPart[] = [expressions, schemas, verification, callsInFlight];

const QUIET_OPERATIONS = 60;
const WARM_UP = 10;
/** The loud organization has its queues full before the quiet one begins. */
const LOUD_AHEAD_MS = 1_000;

export interface FairnessResult {
  readonly what: string;
  readonly aloneP95Ms: number;
  readonly besideP95Ms: number;
  /** The 95th percentile beside the loud organization, relative to the one alone in the same round. */
  readonly ratio: number;
  /** Operations of the loud organization in the last round. */
  readonly loud: LoudCount;
}

/** Measures how long operations of a quiet organization take, alone and beside one that uses all it can get; of one part, or of all. */
export async function fairness(
  stage: Stage,
  rounds: number,
  only?: string,
): Promise<FairnessResult[]> {
  const results: FairnessResult[] = [];
  for (const { what, prepare } of PARTS) {
    if (only !== undefined && what !== only) continue;
    const scene = await prepare(stage);
    await quietMs(scene, WARM_UP);
    const measured: { alone: number; beside: number; loud: LoudCount }[] = [];
    for (let round = 0; round < rounds; round += 1)
      measured.push(await measureRound(scene, stage.parseUrl));
    results.push({
      what,
      aloneP95Ms: median(measured.map(({ alone }) => alone)),
      besideP95Ms: median(measured.map(({ beside }) => beside)),
      ratio: median(measured.map(({ alone, beside }) => beside / alone)),
      loud: measured.at(-1)?.loud ?? { done: 0, failed: 0 },
    });
  }
  report(results);
  return results;
}

async function measureRound(
  scene: FairnessScene,
  parseUrl: string,
): Promise<{ alone: number; beside: number; loud: LoudCount }> {
  const alone = p95(await quietMs(scene, QUIET_OPERATIONS));
  const running = await startLoud(scene, parseUrl);
  await sleep(LOUD_AHEAD_MS);
  const beside = p95(await quietMs(scene, QUIET_OPERATIONS));
  return { alone, beside, loud: await running.stop() };
}

function p95(ascending: readonly number[]): number {
  return ascending[Math.floor(ascending.length * 0.95)] ?? NaN;
}

function report(results: readonly FairnessResult[]): void {
  say();
  printTable(
    ['what is shared', 'alone, p95 ms', 'beside, p95 ms', 'ratio', 'loud: done', 'failed'],
    results.map(({ what, aloneP95Ms, besideP95Ms, ratio, loud }) => [
      ...[what, aloneP95Ms.toFixed(1), besideP95Ms.toFixed(1), ratio.toFixed(2)],
      ...[String(loud.done), String(loud.failed)],
    ]),
  );
}
