// Prisma's WebAssembly as an editor or a test has it, loaded once: reads lines "validate|format|dmmf FILE" and answers
// "ok" when the work is done. Uses the node_modules of tests/conformance.
import fs from 'node:fs';
import readline from 'node:readline';
import { createRequire } from 'node:module';

const engine = createRequire(new URL('../conformance/package.json', import.meta.url))('@prisma/prisma-schema-wasm');
process.env.DATABASE_URL ??= 'postgresql://localhost/bench';

const works = {
  validate: text => engine.validate(JSON.stringify({ prismaSchema: [['schema.prisma', text]], noColor: true })),
  format: text => engine.format(JSON.stringify([['schema.prisma', text]]),
    JSON.stringify({ textDocument: { uri: 'file:/schema.prisma' }, options: { tabSize: 2, insertSpaces: true } })),
  dmmf: text => JSON.parse(engine.get_dmmf(JSON.stringify({ prismaSchema: [['schema.prisma', text]], noColor: true }))),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [work, file] = line.split(' ');
  works[work](fs.readFileSync(file, 'utf8'));
  process.stdout.write('ok\n');
}
