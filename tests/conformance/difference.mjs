// How schemac and Prisma differ on a schema: in the verdict, the report, the warnings, the formatted text, the DMMF.
//
// schemac runs as a program, for many schemas at once under one shell, while Prisma's engines answer in this process.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { ask } from './prisma.mjs';

const root = new URL('../../', import.meta.url).pathname;
export const schemac = process.env.SCHEMAC ?? path.join(root, 'build/schemac');
export const scratch = fs.mkdtempSync(path.join(process.env.SCRATCH ?? os.tmpdir(), 'conformance-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

/* ---- what schemac says ---- */

// In every folder of the batch: the verdict with report and warnings; the DMMF of what is accepted; the formatted files.
// ("set" changes the arguments of the command, not the folders, which "for" has taken at its start.)
const script = `
  for each; do
    cd "$each/schema" || exit 3
    "$SCHEMAC" validate --prisma --schema . >../out 2>../err; echo $? >../status
    if [ "$(cat ../status)" = 0 ]; then "$SCHEMAC" dmmf --prisma --schema . >../dmmf 2>../dmmf.err; echo $? >../dmmf.status; fi
    cd ../formatted
    if [ -f schema.prisma ] && [ "$(find . -type f | wc -l)" -eq 1 ]; then set -- --stdout --schema schema.prisma; else set -- --schema .; fi
    "$SCHEMAC" format "$@" >../format.out 2>../format.err; echo $? >../format.status
  done`;

function write(folder, files) {
  for (const [name, text] of files) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

function runSchemac(folders) {
  const env = { ...process.env, SCHEMAC: schemac, NO_COLOR: '1', DATABASE_URL: 'postgresql://localhost/x' };
  return new Promise((resolve, reject) => {
    const shell = spawn('sh', ['-c', script, 'sh', ...folders], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    shell.on('error', reject);
    shell.on('close', status => status === 0 ? resolve() : reject(new Error(`the shell that runs schemac ended with ${status}`)));
  });
}

function answersOf(folder, files) {
  const read = name => fs.readFileSync(path.join(folder, name), 'utf8');
  const died = ['status', 'dmmf.status', 'format.status'].filter(name => fs.existsSync(path.join(folder, name)) && Number(read(name)) > 1);
  if (died.length) return { died: `schemac ended with ${died.map(name => `${name} ${read(name)}`).join('')}${read('err')}${read('format.err')}` };
  const accepts = Number(read('status')) === 0;
  const err = read('err');
  return {
    accepts, report: reportOf(err), warnings: [...err.matchAll(/^warning: (.*)$/gm)].map(match => match[1]),
    dmmf: accepts ? read('dmmf') : '',
    readable: Number(read('format.status')) === 0, formatted: formattedOf(files, read),
  };
}

// One file goes to standard output, also where it has lines that cannot be read. Several are rewritten in place, or not at all.
function formattedOf(files, read) {
  if (files.length === 1) return [[files[0][0], read('format.out')]];
  return Number(read('format.status')) === 0 ? files.map(([name]) => [name, read(path.join('formatted', name))]) : null;
}

// Before the errors a program says that there are some; the report itself begins with the first and ends with the count.
const reportOf = text => (text.match(/^error: [\s\S]*Validation Error Count: \d+/m) ?? [''])[0];

/* ---- differences on purpose ---- */

// Where the formatter differs from Prisma's: docs/prisma-differences.md, "Formatter", has a row for each. What is done to
// the schema, or to what both make of it, before the texts are compared.
const comment = String.raw`(?:\/\/.*|\/\*.*\*\/)`;
function openedOnce(text) {
  const once = text.replace(/^([ \t]*)\* \/\*[ \t]*(?:\*[ \t]*)?(.*)\n/gm, (_, indent, left) => left ? `${indent}* ${left}\n` : '');
  return once === text ? text : openedOnce(once);
}
const onPurpose = [
  { rule: 'a comment behind an opening brace stays', schema: text => text.replace(new RegExp(String.raw`\{[ \t]*${comment}$`, 'gm'), '{') },
  { rule: 'a comment of several lines opens once', schema: text => text.replace(/(^|\*\/)[ \t](?=\/\*)/gm, '$1  '), formatted: openedOnce },
  { rule: 'arguments go between empty parentheses', schema: text => text.replace(/@relation\([ \t]*\)/g, '@relation') },
  { rule: 'a key without a value keeps its equals sign', formatted: text => text.replace(/^( +[-\p{L}\p{N}_]+) *=? *($|\/\/)/gmu, '$1 $2') },
  { rule: 'an empty line is behind every block', formatted: text => text.replace(/^\}\n+/gm, '}\n\n') },
  { rule: 'a block never begins with an empty line', formatted: text => text.replace(/\{\n\n+(?=[ \t]*\S)/g, '{\n') },
];
const adapt = (side, text) => onPurpose.reduce((changed, rule) => rule[side] ? rule[side](changed) : changed, text);

const extension = new RegExp(String.raw`\b(where|include|with|nullsNotDistinct|deferrable|trigger) *:|\braw\(|`
  + String.raw`@@?(check|comment|fulltext|exclude|generated|rls|policy|sql|materialized|partition|audit|softDelete|version|scope|defaultScope|validate|sensitive|renamedFrom|backfill|using)\b`);

// Such lines stay as they are.
const unreadable = /This line is not a valid|This line is invalid|is not a valid expression/;

/* ---- comparing ---- */

// Several unknown attributes of one thing come out of a hash table of Prisma's: their order changes from run to run.
function sameReport(ours, theirs) {
  if (ours === theirs) return true;
  const unordered = /Attribute not known|Property not known|Argument not known|No such argument/;
  const sorted = text => text.split(/(?=^error: )/m).map(error => error.replace(/Validation Error Count: \d+$/, '').trimEnd()).sort().join('\n');
  return (theirs.match(new RegExp(unordered, 'g')) ?? []).length > 1 && sorted(ours) === sorted(theirs);
}

// Of several wrong properties of a generator Prisma tells the one that comes first out of its hash table, which is another
// one from call to call.
async function sameSometime(ours, theirs, files) {
  for (let calls = 0; calls < 30; calls++) {
    if (sameReport(ours, theirs)) return true;
    if (!/parameter must be passed to the env function|Expected a \w+ value/i.test(theirs)) return false;
    theirs = reportOf((await ask({ do: 'validate', schema: files })).text ?? '');
  }
  return false;
}

// The first place where two JSON values differ, or ''. The order of keys says nothing, that of items does.
function unequal(ours, theirs, place) {
  const composite = v => v !== null && typeof v === 'object';
  if (!composite(ours) || !composite(theirs))
    return ours === theirs ? '' : `${place}: schemac has ${JSON.stringify(ours)}, Prisma ${JSON.stringify(theirs)}`;
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (!(name in ours) || !(name in theirs)) return `${place}.${name}: only ${name in ours ? 'schemac' : 'Prisma'} has it`;
    const why = unequal(ours[name], theirs[name], `${place}.${name}`);
    if (why) return why;
  }
  return '';
}

// Only the part of two long texts where they part, with some lines around it.
function parting(what, theirs, ours) {
  const [a, b] = [theirs.split('\n'), ours.split('\n')];
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  from = Math.max(0, from - 6);
  const part = lines => lines.slice(from, from + 20).join('\n');
  return `the ${what} differ${from ? `, from line ${from + 1} on` : ''}.\nPrisma:\n${part(a)}\nschemac:\n${part(b)}`;
}

// What was compared of a schema: {verdict, report, warnings, format, dmmf}, each '' where both agree, else what differs.
// What does not apply is not there. `panicked` says that Prisma's engine died of the schema.
async function differencesOf(files, ours) {
  if (ours.died) return { verdict: ours.died };
  if (/schemac is for PostgreSQL only/.test(ours.report)) return {}; // Prisma has other databases, we have one sentence
  const theirs = await ask({ do: 'validate', schema: files });
  if (theirs.panicked) return { panicked: true };
  const found = {};
  found.verdict = ours.accepts === theirs.ok ? ''
    : `schemac ${ours.accepts ? 'accepts' : 'refuses'}, Prisma does not:\n${theirs.text ?? ours.report}`;
  if (found.verdict) return found;
  const report = reportOf(theirs.text ?? '');
  if (!theirs.ok) found.report = await sameSometime(ours.report, report, files) ? '' : parting('reports', report, ours.report);
  const lint = await ask({ do: 'lint', schema: files });
  if (lint.ok) {
    const warnings = lint.value.filter(one => one.is_warning).map(one => one.text).join('\n');
    found.warnings = warnings === ours.warnings.join('\n') ? '' : parting('warnings', warnings, ours.warnings.join('\n'));
  }
  // What only Prisma cannot read is a line of our own language, and what only Prisma does not know an extension: that we
  // format, and that does not keep us from completing a schema.
  const extended = /Attribute not known|No such argument|This line is not a valid/.test(report) && files.some(([, text]) => extension.test(text));
  if (theirs.ok || !(unreadable.test(report) && ours.readable)) await addFormat(found, files, ours);
  if (extended && found.format) delete found.format;
  if (theirs.ok) await addDmmf(found, files, ours);
  return found;
}

async function addFormat(found, files, ours) {
  if (!ours.formatted) return;
  const formatted = await ask({ do: 'format', schema: files.map(([name, text]) => [name, adapt('schema', text)]) });
  if (formatted.panicked) return;
  if (!formatted.ok) { found.format = formatted.text; return; }
  const theirs = new Map(formatted.value);
  const all = pick => ours.formatted.map(([name, text]) => `// ${name}\n${adapt('formatted', pick(name, text))}`).join('\n');
  const [a, b] = [all(name => theirs.get(name)), all((_, text) => text)];
  found.format = a === b ? '' : parting('formatted texts', a, b);
}

async function addDmmf(found, files, ours) {
  const answer = await ask({ do: 'dmmf', schema: files });
  if (answer.panicked) return; // there is nothing to compare with; what else was compared counts
  if (!answer.ok) { found.dmmf = `Prisma has no DMMF of it: ${answer.text}`; return; }
  try { found.dmmf = unequal(JSON.parse(ours.dmmf), answer.value.datamodel, 'datamodel'); }
  catch (error) { found.dmmf = `schemac's DMMF is no JSON: ${error.message}`; }
}

// Compares many schemas, each a list of [name, text], and hands what was found to `each(i, found)` in their order.
// schemac works on the next ones while Prisma answers for these.
export async function compareAll(schemas, each) {
  const step = 40;
  const start = async from => {
    const folders = schemas.slice(from, from + step).map((files, i) => {
      const folder = path.join(scratch, `${from / step % 2}-${i}`);
      fs.rmSync(folder, { recursive: true, force: true });
      write(path.join(folder, 'schema'), files);
      write(path.join(folder, 'formatted'), files.map(([name, text]) => [name, adapt('schema', text)]));
      return folder;
    });
    if (folders.length) await runSchemac(folders);
    return folders;
  };
  let started = start(0);
  for (let from = 0; from < schemas.length; from += step) {
    const folders = await started;
    const answers = folders.map((folder, i) => answersOf(folder, schemas[from + i]));
    started = start(from + step);
    for (const [i, ours] of answers.entries()) await each(from + i, await differencesOf(schemas[from + i], ours));
  }
}
