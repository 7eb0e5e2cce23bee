// The part of curl that the README uses, for machines without it: an address, -H and -d. Exits with 22 on an HTTP error.
const [address, ...rest] = process.argv.slice(2);
const headers = {};
let body;
for (let at = 0; at < rest.length; at += 2) {
  const value = rest[at + 1];
  if (rest[at] === '-d') body = value;
  else if (rest[at] === '-H')
    headers[value.slice(0, value.indexOf(':'))] = value.slice(value.indexOf(':') + 1);
  else throw new Error(`The curl of the specs does not support ${rest[at]}.`);
}
const response = await fetch(address, {
  method: body === undefined ? 'GET' : 'POST',
  headers,
  body,
});
process.stdout.write(await response.text());
process.exitCode = response.ok ? 0 : 22;
