// Databases that `schemac migrate dev` made, as Prisma's schema engine sees them: it must find nothing to change.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { ask } from './prisma.mjs';
import { schemac, scratch } from './difference.mjs';

const root = new URL('../../', import.meta.url).pathname;

// What Prisma's tools take of a schema in our language: the lines that only schemac knows are left out. A partial index
// is such a line; Prisma's engine does not see it in the database either.
const forPrisma = text => text.replace(/^\s*@@(fulltext|comment|check|index)\(.*\)\s*$/gm,
  line => line.includes('@@index') && !line.includes('where:') ? line : '');

// Hands (name, why) of each schema to `result`; needs DATABASE_URL, and a role that may create databases.
export async function drift(result) {
  if (!process.env.DATABASE_URL) return console.log('ok conformance: drift # SKIP no DATABASE_URL');
  const pg = (await import('pg')).default;
  for (const file of ['docs/examples/blog/schema.prisma', 'tests/golden/client/shop/schema.prisma']) {
    const name = `conformance: Prisma sees no drift after migrate dev of ${file}`;
    const database = `drift_${file.replace(/\W+/g, '_')}`.toLowerCase();
    const url = process.env.DATABASE_URL.replace(/\/[^/?]+\?/, `/${database}?`);
    const folder = fs.mkdtempSync(path.join(scratch, 'drift-'));
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    fs.writeFileSync(path.join(folder, 'schema.prisma'), text);
    const migrate = spawnSync(schemac, ['migrate', 'dev', '--name', 'init', '--skip-generate'],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, DATABASE_URL: url, DIRECT_URL: url, SHADOW_DATABASE_URL: '' } });
    fs.writeFileSync(path.join(folder, 'schema.prisma'), forPrisma(text));
    const push = migrate.status === 0 && await ask({ do: 'push', schema: path.join(folder, 'schema.prisma'), url });
    const why = migrate.status !== 0 ? migrate.stderr : !push.ok ? push.text : push.value.executedSteps !== 0 ? JSON.stringify(push.value) : '';
    result(name, why);
    const server = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await server.connect();
    await server.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    await server.end();
  }
}
