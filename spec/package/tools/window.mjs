// What README's page finds in a browser: storage, a button, windows that open. Prints the address that a window is sent to;
// ends when the handler of the click has.
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
// As it does in a browser: it keeps who has signed in.
Parse.User.enableUnsafeCurrentUser();
await import('./page.js');
await Parse.User.logIn(username, password);
await globalThis.button.onclick();
