import { schemas } from '../../schemas/index.js';
import { type Caller, type Json, master, type TestHub } from '../support/hub.js';
import { type Asked, doors, holdsRows, noteTo, reversedDoors } from './doors.js';
import { MARK, pointerTo, readable, startWorld, type World } from './world.js';

describe.each(schemas.map(({ name, read }) => [name, read] as const))(
  'reading %s',
  (className, read) => {
    let world: World;
    beforeAll(async () => {
      world = await sharedWorld();
    });
    it.todo(className + read + String(world));
  },
);

let shared: Promise<World> | undefined;
function sharedWorld(): Promise<World> {
  return (shared ??= startWorld());
}
