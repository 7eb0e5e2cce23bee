// What README uses of curl, for machines that have none: an address, -H and -d. An answer that is an error ends it with 22.
const [address, ...rest] = process.argv.slice(2);
const headers = {};
let body;
for (let at = 0; at < rest.length; at += 2) {
  const value = rest[at + 1];
  if (rest[at] === '-d') body = value;
  else if (rest[at] === '-H')
    headers[value.slice(0, value.indexOf(':'))] = value.slice(value.indexOf(':') + 1);
  else throw new Error(`curl of the specs knows no ${rest[at]}.`);
}
const response = await fetch(address, {
  method: body === undefined ? 'GET' : 'POST',
  headers,
  body,
});
process.stdout.write(await response.text());
process.exitCode = response.ok ? 0 : 22;
