// node live.mjs URL TOKEN [AFTER]: follows all cases until it is stopped, one JSON line an event.
// After a lost connection it goes on behind the last line it saw.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, after = null] = process.argv.slice(2);
const tell = (line) => console.log(JSON.stringify(line));
const FORBIDDEN = 4403;

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { token },
  retryAttempts: Infinity,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  shouldRetry: ({ code }) => code !== FORBIDDEN,
  on: {
    connected: () => tell({ connected: true }),
    closed: ({ code }) => tell({ closed: code }),
  },
});

const variables = { after };
const query = `subscription Live($after: ID) {
  requestChanged(afterEntry: $after) { entry { id summary } request { reference } } }`;
client.subscribe(
  { query, variables },
  {
    next({ data, errors }) {
      if (errors) return tell({ errors });
      const { entry, request } = data.requestChanged;
      variables.after = entry.id; // read again when the client subscribes anew
      tell({ summary: entry.summary, reference: request.reference });
    },
    error: (problem) => tell({ refused: problem.code ?? problem }),
    complete: () => tell({ complete: true }),
  },
);
