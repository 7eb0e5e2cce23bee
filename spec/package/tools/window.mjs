// Simulates the parts of a browser that the README's page uses: storage, a button, new windows. Prints the address of a new
// window. Ends when the handler of the click has ended.
const stored = new Map();
globalThis.localStorage = {
  getItem: (name) => stored.get(name) ?? null,
  setItem: (name, value) => stored.set(name, value),
  removeItem: (name) => stored.delete(name),
};
globalThis.addEventListener = () => undefined;
globalThis.removeEventListener = () => undefined;
globalThis.open = () => ({
  closed: false,
  close: () => undefined,
  location: {
    set href(url) {
      process.stdout.write(`\nopened ${url}\n`);
    },
  },
});
globalThis.button = {};

const [username, password] = process.argv.slice(2);
const { default: Parse } = await import('parse');
// Keeps the signed-in user, as in a browser.
Parse.User.enableUnsafeCurrentUser();
await import('./page.js');
await Parse.User.logIn(username, password);
await globalThis.button.onclick();
