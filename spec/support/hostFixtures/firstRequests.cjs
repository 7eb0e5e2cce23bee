// The first requests of a plain host after its imports, in any order: for each cloud code it starts, signs up a user, sends a
// batch, and prints the results. Plain JavaScript, because the host runs in a separate process.
const { once } = require('node:events');

exports.firstRequests = async ({ clouds, ...packages }) => {
  const answers = [];
  for (const [nth, cloud] of clouds.entries()) {
    answers.push(await requestsWith(cloud, { ...packages, appId: `plain${nth}` }));
  }
  process.stdout.write(`\nanswers ${JSON.stringify(answers)}\n`, () => process.exit());
};

async function requestsWith(cloud, { createIntegrationHub, ParseServer, express, appId }) {
  const app = express();
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const url = `http://127.0.0.1:${listening.address().port}`;
  const serverURL = `${url}/parse`;
  const hub = createIntegrationHub({
    secret: 'hub-secret-of-the-spec-0123456789abcdef',
    publicUrl: `${url}/hub`,
    keyIterations: 100_000,
    logLevel: 'silent',
    loops: false,
  });
  const parse = new ParseServer(
    hub.parseServerOptions({
      appId,
      masterKey: 'master',
      databaseURI: process.env.STORE,
      serverURL,
      cloud,
      silent: true,
      logsFolder: null,
    }),
  );
  const post = async (path, body) => {
    const headers = { 'content-type': 'application/json', 'x-parse-application-id': appId };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(serverURL + path, request)).status;
  };
  const answers = {};
  const refused = (at) => (error) => {
    answers[at] = error.message;
  };
  await parse.start().catch(refused('start'));
  if (!answers.start) app.use('/parse', hub.authenticate, parse.app);
  await hub.start().catch(refused('hub'));
  if (!answers.start) {
    const person = { username: `ann of ${appId}`, password: 'a-long-Passphrase-1' };
    answers.signUp = await post('/users', person);
    answers.logIn = await post('/login', person);
    const part = { method: 'GET', path: '/parse/classes/Thing' };
    answers.batch = await post('/batch', { requests: [part] });
  }
  return answers;
}
