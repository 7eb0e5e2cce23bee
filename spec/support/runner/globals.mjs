export const { jest, expect, describe, it, test, beforeAll, beforeEach, afterAll, afterEach } =
  globalThis;
