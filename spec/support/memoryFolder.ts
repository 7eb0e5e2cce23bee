import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** Containers have 64 MB there unless told otherwise, two databases fill that. */
const ROOM_BYTES = 2 ** 30;

/**
 * Where a spec makes the folder of a database: in memory where there is room. A thousand files are written there at a tenth of
 * what a disk takes of the processor.
 */
export async function memoryFolder(): Promise<string> {
  try {
    await access(MEMORY, constants.W_OK);
    const { bavail, bsize } = await statfs(MEMORY);
    if (bavail * bsize > ROOM_BYTES) return MEMORY;
  } catch {
    // Linux alone has it.
  }
  return tmpdir();
}
