// node codegen.mjs CONFIG SCHEMA DOCUMENTS: what graphql-codegen writes for this configuration.
import { readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse } from 'graphql';

const [config, ...texts] = process.argv.slice(2).map((path) => readFileSync(path, 'utf8'));
const [schema, document] = texts.map((text) => parse(text));
const [[filename, output]] = Object.entries(JSON.parse(config).generates);
const pluginMap = {};
for (const name of output.plugins) pluginMap[name] = await import(`@graphql-codegen/${name}`);
const made = await codegen({
  filename,
  schema,
  schemaAst: buildASTSchema(schema),
  documents: [{ location: 'desk.graphql', document }],
  plugins: output.plugins.map((name) => ({ [name]: {} })),
  pluginMap,
  config: { strictScalars: true, ...output.config },
});
process.stdout.write(made);
