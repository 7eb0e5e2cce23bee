export default async function globalTeardown() {
  await Promise.all((globalThis.hubSpecDatabases ?? []).map((database) => database.stop()));
}
