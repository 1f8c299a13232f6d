// PostGraphile 5 over the bench's database: one process, its own presets, nothing tuned away.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { grafserv } from "postgraphile/grafserv/node";

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.PEER_URL, schemas: ["public"] })],
  schema: { defaultBehavior: "+list" },
  grafserv: { graphiql: false, watch: false },
});
const server = createServer();
server.on("error", (problem) => {
  console.error(String(problem));
  process.exit(1);
});
await instance.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
