// Runs every schema of the project through schemac and through Prisma's validator and compares what they say:
// the verdict, and for a refused schema the whole report.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { ask } from './prisma.mjs';

const root = new URL('../../', import.meta.url).pathname;
const schemac = process.env.SCHEMAC ?? path.join(root, 'build/schemac');
const scratch = fs.mkdtempSync(path.join(process.env.SCRATCH ?? os.tmpdir(), 'conformance-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

function schemasBelow(folder) {
  return fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.prisma') && !entry.parentPath.includes('node_modules'))
    .map(entry => path.join(entry.parentPath, entry.name)).sort();
}

// Both sides see the file under the same name, so that reports can be compared byte for byte.
function schemacSays(file) {
  fs.copyFileSync(file, path.join(scratch, 'schema.prisma'));
  const run = spawnSync(schemac, ['validate', '--prisma', '--schema', 'schema.prisma'],
    { cwd: scratch, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', DATABASE_URL: 'postgresql://localhost/x' } });
  if (run.status !== 0 && run.status !== 1) return { crashed: `exit ${run.status ?? run.signal}: ${run.stderr}` };
  return { ok: run.status === 0, text: run.stderr.trim() };
}

async function prismaSays(file) {
  const copy = path.join(scratch, 'schema.prisma');
  fs.copyFileSync(file, copy);
  return ask({ do: 'validate', schema: copy });
}

// Behind the errors schemac may print more (warnings, notes); the report itself ends with the count.
const reportOf = text => (text.match(/error: [\s\S]*Validation Error Count: \d+/) ?? [''])[0];

let different = 0, compared = 0;
for (const file of ['tests', 'docs'].flatMap(schemasBelow)) {
  const name = `conformance: ${path.relative(root, file)}`;
  const [ours, theirs] = [schemacSays(file), await prismaSays(file)];
  compared++;
  let why = '';
  if (ours.crashed) why = ours.crashed;
  else if (ours.ok !== theirs.ok) why = `schemac ${ours.ok ? 'accepts' : 'refuses'}, Prisma does not agree:\n${theirs.text ?? ours.text}`;
  else if (!ours.ok && reportOf(ours.text) !== theirs.text.trim()) why = `Prisma:\n${theirs.text}\nschemac:\n${ours.text}`;
  if (why) {
    different++;
    console.log(`not ok ${name}\n${why.replace(/^/gm, '# ')}`);
  } else {
    console.log(`ok ${name}`);
  }
}
console.log(`# schemas: ${compared} compared, ${different} different`);
process.exitCode = different ? 1 : 0;
