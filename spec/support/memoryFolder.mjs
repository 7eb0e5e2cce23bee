// Where specs make the folders of databases. Plain JavaScript, because globalSetup loads it before TypeScript can be loaded.
import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** Only Linux has it. */
export const MEMORY = '/dev/shm';
/** Containers have 64 MB there by default, which two databases fill. */
const ROOM_BYTES_MIN = 2 ** 30;

/**
 * Returns the parent of folders for databases: in memory if `roomBytes` are free there. To create and remove the thousand
 * files of a database takes a tenth of the processor time that a disk takes.
 */
export async function memoryFolder(roomBytes = ROOM_BYTES_MIN) {
  try {
    await access(MEMORY, constants.W_OK);
    const { bavail, bsize } = await statfs(MEMORY);
    if (bavail * bsize > roomBytes) return MEMORY;
  } catch {
    // Another system, or a container without it.
  }
  return tmpdir();
}
