/**
 * Acts as a user with a browser: continues from the hub's confirmation to the sign-in page of an emulator, chooses an account
 * by its login, and follows the redirect. Returns the response of the hub's callback. Throws when the page has no such
 * account or no redirect.
 */
export async function consent(start: string, login: string): Promise<Response> {
  const begun = await fetch(start, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(start).origin },
  });
  const page = begun.headers.get('location');
  if (page === null) throw new Error(`The hub goes nowhere: ${begun.status} ${await begun.text()}`);
  const [cookie = ''] = begun.headers.getSetCookie();
  const response = await fetch(page);
  const html = await response.text();
  const form = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find(
    ([, , inner = '']) => unescape(inner).includes(`"user-login">${login}</span>`),
  );
  if (!form)
    throw new Error(`There is no ${login} on the page: ${response.status} ${html.slice(-600)}`);
  const [, action = '', inner = ''] = form;
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of inner.matchAll(HIDDEN)) {
    fields.append(unescape(name), unescape(value));
  }
  const agreed = await fetch(new URL(unescape(action), page), {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  });
  const back = agreed.headers.get('location');
  if (back === null) throw new Error(`It leads nowhere: ${agreed.status} ${await agreed.text()}`);
  return fetch(back, { redirect: 'manual', headers: { cookie: cookie.split(';')[0] ?? '' } });
}

const HIDDEN = /<input type="hidden" name="([^"]*)" value="([^"]*)"/g;

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

function unescape(text: string): string {
  return text.replace(/&([a-z]+|#\w+);/g, (whole, name: string) => NAMED[name] ?? whole);
}
