// node audit.mjs URL TOKEN [named]: the audit suite of the GraphQL Foundation as one JSON list.
// `named` gives every operation a name, which production asks for.
import { serverAudits } from 'graphql-http';

const [url, token, named] = process.argv.slice(2);

function withName(body) {
  return body?.replace(/"query":"(?:query ?)?(?=[{(])/, '"query":"query Audit ');
}

function asCaller(address, { headers, body, ...rest } = {}) {
  return fetch(address, {
    ...rest,
    body: named ? withName(body) : body,
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
}

const found = [];
for (const audit of serverAudits({ url, fetchFn: asCaller })) {
  const { id, name, status, reason } = await audit.fn();
  found.push({ id, name, status, reason });
}
console.log(JSON.stringify(found));
