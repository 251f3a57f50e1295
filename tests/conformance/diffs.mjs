// Random pairs of schemas: A is created with rows in every table and brought to B, and back.
//
// Checked of each: the script from schema to schema and from the database is Prisma's; the warnings are; after it the catalog
// is that of B made from nothing, no value is gone that no warning announced, and a second difference is empty. Where
// the scripts differ, Prisma's is run too: it must fail, or miss B. `migrate dev` writes that script too, and a down.sql
// that leads back to A, loses nothing without saying so, and can be followed by the script once more. From B the
// difference to A leads to A as well.
import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ask } from './prisma.mjs';
import { randomPair } from './pairs.mjs';
import { backAndForth, beginHistory, emptyHistory, madeByDev } from './back.mjs';
import { catalog, createDatabase, deleteRows, dropDatabases, empty, fill, losses, place, remember } from './database.mjs';

const execute = promisify(execFile);

// ---- what both sides leave alone ----

// Prisma compares no literal defaults of times, no types it does not know, and no precision where one side says none.
const loosely = text => text.replace(/ DEFAULT '[^']*'::(timestamp|time|date)\b.*$/, ' DEFAULT a time').replace(/\b(circle|tsvector|polygon)(\[\])?/g, 'unsupported')
  .replace(/^(timestamp|time)\(\d\)/, '$1').replace(/::jsonb?\b/g, '').replace(/(DEFAULT '?-?\d+\.\d*?)0+(?=\D|$)/, '$1');

const unnamed = definition => definition?.replace(/INDEX \S+ ON/, 'INDEX ON');

// The columns with `dbgenerated()`, as the catalog calls them: whatever default the database has for one is right.
function leftToDatabase(file) {
  const left = new Set();
  for (const [, model, body] of fs.readFileSync(file, 'utf8').matchAll(/^model (\S+) \{\n([^]*?)^\}/gm)) {
    const table = `${body.match(/@@schema\("(.*?)"\)/)?.[1] ?? 'public'}.${body.match(/@@map\("(.*?)"\)/)?.[1] ?? model}`;
    for (const [line, field] of body.matchAll(/^ *(\S+) .*@default\(dbgenerated\(\)\).*/gm)) left.add(`column ${table}.${line.match(/ @map\("(.*?)"\)/)?.[1] ?? field}`);
  }
  return left;
}

const widths = ['smallint', 'integer', 'bigint'];

// `before` is the catalog that the script was run on; `want.left` are the columns whose default stays what it was there.
function catalogDifference(have, want, before) {
  const keepsDefault = (what, is) => want.left.has(what) && / DEFAULT /.test(before.get(what)) && have.get(what).startsWith(`${is} DEFAULT `);
  for (const [what, is] of want) {
    // Of two indexes that say the same one is enough, to Prisma.
    if (!have.has(what) && /^(index|constraint) /.test(what) && [...have.values()].some(other => unnamed(other) === unnamed(is))) continue;
    if (!have.has(what)) return `${what} is missing: ${is}`;
    // CREATE SEQUENCE alone makes a wide one, and that of a column which is narrowed stays as wide as it was.
    if (what.startsWith('sequence ') && widths.indexOf(have.get(what)) >= widths.indexOf(is)) continue;
    if (have.get(what) !== is && loosely(have.get(what)) !== loosely(is) && !keepsDefault(what, is)) return `${what} is ${have.get(what)}, and should be ${is}`;
  }
  for (const [what, is] of have) {
    if (want.has(what)) continue;
    const again = what.startsWith('index ') && before.get(what) === is && [...want.values()].some(other => unnamed(other) === unnamed(is));
    if (!again) return `${what} is too much: ${is}`;
  }
  return '';
}

// ---- one pair ----

const schemasOf = file => fs.readFileSync(file, 'utf8').match(/^ *schemas *= *\[(.*)\]/m)?.[1].split(/[", ]+/).filter(Boolean) ?? ['public'];

// A warning names the tables and columns that something happens to.
function announced(warnings) {
  const text = warnings.join('\n');
  return {
    table: table => text.includes(`drop the \`${table}\` table`),
    column: (table, column) => text.includes(`column \`${column}\` on the \`${table}\` table`) || text.includes(`\`${column}\` column on the \`${table}\` table`)
      || text.includes(`type of \`${column}\` on the \`${table}\` table`),
  };
}

// PostgreSQL has no such index, or no equality for a type: nothing to compare.
class Unusable extends Error {}

class Pairs {
  constructor(schemac, scratch, url) {
    Object.assign(this, { schemac, scratch, url, unapplicable: 0, kept: { there: 0, back: 0 } });
    this.file = Object.fromEntries(['a', 'b', 'probe'].map(name => [name, path.join(scratch, `${name}.prisma`)]));
  }

  async open() {
    this.names = ['ours', 'theirs', 'scratch', 'shadow'].map(name => `diffs_${process.pid}_${name}`);
    this.clients = await Promise.all(this.names.map(name => createDatabase(this.url, name)));
    [this.ours, this.theirs, this.fresh, this.shadow] = this.clients;
  }

  async close() {
    await Promise.all(this.clients.map(client => client.end()));
    await dropDatabases(this.url, this.names);
  }

  urlOf(client) { return place(this.url, this.names[this.clients.indexOf(client)]); }

  async run(client, ...args) {
    const env = { ...process.env, NO_COLOR: '1', DATABASE_URL: this.urlOf(client) };
    try {
      const { stdout } = await execute(this.schemac, args, { cwd: this.scratch, env, maxBuffer: 1 << 26 });
      return stdout;
    } catch (error) {
      throw new Error(`schemac ${args.join(' ')}: exit ${error.code ?? error.signal}: ${error.stderr}${error.stdout}`);
    }
  }

  diff(from, to, ...more) {
    const side = (way, state) => state === 'empty' ? [`--${way}-empty`] : [`--${way}-schema-datamodel`, state];
    return this.run(this.fresh, 'migrate', 'diff', ...side('from', from), ...side('to', to), ...more);
  }

  live(client, to, ...more) {
    return this.run(client, 'migrate', 'diff', '--from-schema-datasource', to, '--to-schema-datamodel', to, ...more);
  }

  async theirAnswer(request) {
    const answer = await ask({ ...request, url: this.urlOf(request.client ?? this.fresh), client: undefined });
    return answer.ok ? answer.text : `Prisma refuses: ${answer.text}`;
  }

  isValid = async text => {
    fs.writeFileSync(this.file.probe, text);
    return (await ask({ do: 'validate', schema: this.file.probe })).ok;
  };

  async prepare(client, create, random, rows) {
    await empty(client);
    await client.query(create);
    try { await fill(client, random, rows); } catch (error) { throw new Unusable(error.message); }
  }

  recover() { return Promise.all(this.clients.map(client => client.query('ROLLBACK'))); }

  // Prisma's script is no measure where it fails, or does not lead to B; nor where only ours does not fail because of
  // a row.
  async theirsIsWrong(script, ours, create, again, want) {
    const failure = async text => {
      await this.prepare(this.theirs, create, again(), 1);
      try { await this.theirs.query(text); } catch (error) {
        await this.theirs.query('ROLLBACK');
        return error.message;
      }
      return '';
    };
    const withRow = await failure(script);
    if (withRow && !await failure(ours)) return withRow;
    await this.prepare(this.theirs, create, again());
    await deleteRows(this.theirs);
    const before = await catalog(this.theirs, schemasOf(this.file.b));
    try { await this.theirs.query(script); } catch (error) {
      await this.theirs.query('ROLLBACK');
      return error.message;
    }
    const missed = catalogDifference(await catalog(this.theirs, schemasOf(this.file.b)), want, before);
    if (missed) return missed;
    const second = await this.theirAnswer({ do: 'diff', from: `live:${this.file.b}`, to: this.file.b, client: this.theirs });
    return second === '-- This is an empty migration.\n' ? '' : `it is never done: ${second}`;
  }

  async compareScripts(what, ours, theirs, create, again, want) {
    this.scriptsDiffered = ours !== theirs;
    if (!this.scriptsDiffered) return '';
    const why = await this.theirsIsWrong(theirs, ours, create, again, want);
    if (process.env.SHOW_UNAPPLICABLE && why) console.log(`# ${what}: ${why}\n${`${theirs}\n--- ours\n${ours}`.replace(/^/gm, '#   ')}`);
    if (why) { this.unapplicable++; return ''; }
    return `the scripts ${what} differ.\nPrisma:\n${theirs}\nschemac:\n${ours}`;
  }

  // Only where the scripts are the same: the words follow them.
  async compareSummaries(what, ours, request) {
    if (this.scriptsDiffered) return '';
    const theirs = await this.theirAnswer({ ...request, summary: true });
    return ours === theirs ? '' : `the summaries ${what} differ.\nPrisma:\n${theirs}\nschemac:\n${ours}`;
  }

  // From the database as it stands to the schema in `file`, whose catalog is `want`.
  // `begin` makes the state before once more: an enum's rewrite commits what came before it.
  async migrate(client, file, want, told, begin) {
    let script = await this.live(client, file, '--script');
    const held = await catalog(client, schemasOf(file)), before = await remember(client);
    let done = true;
    try {
      await client.query(script);
    } catch (error) {
      done = false;
      await client.query('ROLLBACK; DROP SCHEMA IF EXISTS _before CASCADE');
      // Nothing warns of rows that a new foreign key does not allow, nor of a unique column made anew whose rows are all alike.
      const unsaid = error.code === '23503' || (error.code === '23505' && told?.recreates) || error.message.includes('cannot be cast automatically');
      if (told && !told.mayFail && !unsaid && !this.leavesSchema) return `the script fails, and no warning says so: ${error.message}\n${script}`;
      await begin();
      await deleteRows(client);
      script = await this.live(client, file, '--script');
      try { await client.query(script); } catch (again) {
        // What stands in a schema that is no longer listed is left alone, and may hold on to what should go.
        // Nor does Prisma know which of the types that it has no name for can be cast.
        await client.query('ROLLBACK');
        this.gaveUp = this.leavesSchema || again.message.includes('cannot be cast automatically');
        if (this.gaveUp) return '';
        return `the script fails on empty tables: ${again.message}\n${script}`;
      }
    }
    const lost = done && told ? await losses(client, before, told) : '';
    if (done && told) this.kept.there++;
    if (lost) return `lost without a warning: ${lost}\n${script}`;
    await client.query('DROP SCHEMA IF EXISTS _before CASCADE');
    const wrong = catalogDifference(await catalog(client, schemasOf(file)), want, held);
    if (wrong) return `after the script ${wrong}\n${script}`;
    const second = await this.live(client, file, '--script');
    return second === '-- This is an empty migration.\n' ? '' : `a second difference is not empty:\n${second}`;
  }

  async warnings(create, random) {
    await this.prepare(this.theirs, create, random);
    const answer = await ask({ do: 'push', schema: this.file.b, url: this.urlOf(this.theirs), careful: true });
    if (!answer.ok) return { refused: answer.text, warnings: [], unexecutable: [] };
    return answer.value;
  }

  // What `db push` says of the rows, and what it does where it has nothing to say.
  async comparePush(risks, create, random, want) {
    await this.prepare(this.theirs, create, random);
    const before = await catalog(this.theirs, schemasOf(this.file.b));
    const text = await this.run(this.theirs, 'db', 'push', '--schema', this.file.b, '--skip-generate', '--json').catch(error => error.message);
    const answer = JSON.parse(text.slice(text.indexOf('{"command"')));
    const told = list => list.map(line => line.replace(/^Step \d+ /, '')).join('\n');
    // A required column whose default is the database's own cannot be added, or made anew, where there are rows: Prisma finds
    // out when it fails, and of one made anew it says that the values are lost.
    const isLeft = line => {
      const [, , column, table] = line.match(/(the required column|Changed the type of) `(.*?)` (?:to|on) the `(.*?)` table/) ?? [];
      return [...want.left].some(what => what.endsWith(`.${table}.${column}`)) && `The \`${column}\` column on the \`${table}\` table would be dropped and recreated.`;
    };
    risks.onlyOurs = answer.unexecutable.filter(line => isLeft(line) && !told(risks.unexecutable).includes(told([line])));
    if (this.scriptsDiffered || risks.refused) return '';
    answer.unexecutable = answer.unexecutable.filter(line => !risks.onlyOurs.includes(line));
    const instead = risks.onlyOurs.filter(line => line.includes('Changed the type of')).map(isLeft);
    risks = { ...risks, warnings: risks.warnings.filter(line => !instead.some(start => line.startsWith(start))) };
    for (const kind of ['warnings', 'unexecutable'])
      if (told(answer[kind]) !== told(risks[kind])) return `the ${kind} differ.\nPrisma:\n${told(risks[kind])}\nschemac:\n${told(answer[kind])}`;
    return answer.exitCode ? '' : catalogDifference(await catalog(this.theirs, schemasOf(this.file.b)), want, before);
  }

  // The catalog that a script from nothing makes.
  async catalogOf(script, file) {
    await empty(this.fresh);
    await this.fresh.query(script);
    return Object.assign(await catalog(this.fresh, schemasOf(file)), { left: leftToDatabase(file) });
  }

  async compareOffline({ a, b }, create, again, want) {
    const [script, words, theirs] = await Promise.all([this.diff(a, b, '--script'), this.diff(a, b), this.theirAnswer({ do: 'diff', from: a, to: b })]);
    return await this.compareScripts('from schema to schema', script, theirs, create, again, want)
      || this.compareSummaries('from schema to schema', words, { do: 'diff', from: a, to: b });
  }

  async compareLive({ b }, create, again, want) {
    const asked = { do: 'diff', from: `live:${b}`, to: b, client: this.ours };
    const [script, words, theirs] = await Promise.all([this.live(this.ours, b, '--script'), this.live(this.ours, b), this.theirAnswer(asked)]);
    this.script = script;
    return await this.compareScripts('from the database', script, theirs, create, again, want)
      || this.compareSummaries('from the database', words, asked);
  }

  // The migration that migrate dev makes, or why it made none.
  async dev(schema, name) {
    this.refusal = '';
    await this.run(this.fresh, 'migrate', 'dev', '--create-only', '--name', name, '--accept-data-loss', '--skip-generate', '--schema', schema,
      '--shadow-database-url', this.urlOf(this.shadow), '--reset-shadow').catch(error => { this.refusal = error.message; });
    this.made = this.refusal ? null : madeByDev(this.scratch);
    return this.refusal.includes('P3006') ? '' : this.refusal;
  }

  // What it makes where a history has made A is what migrate diff writes.
  async compareDev({ b }, create) {
    beginHistory(this.scratch, create);
    await empty(this.fresh);
    const why = await this.dev(b, 'second');
    if (why || this.refusal) return why;
    const script = this.made?.up ?? '-- This is an empty migration.';
    return script === this.script.trim() ? '' : `migrate dev writes\n${script}\nand migrate diff\n${this.script}`;
  }

  // As far as there is a way there.
  async compareBack(start) {
    if (this.gaveUp || !this.made) return '';
    if (this.made.unproved) return `the way back is not proved: ${this.made.unproved}\n${this.made.down}\n---- after\n${this.made.up}`;
    return backAndForth(this.ours, this.made, start, this.kept);
  }

  async compare(pair) {
    const { a, b } = this.file;
    fs.writeFileSync(a, pair.from);
    fs.writeFileSync(b, pair.to);
    const [create, createB] = await Promise.all([this.diff('empty', a, '--script'), this.diff('empty', b, '--script')]);
    const seed = pair.random.below(2 ** 31);
    const random = () => pair.again(seed);
    this.leavesSchema = schemasOf(a).some(s => !schemasOf(b).includes(s)) || schemasOf(b).some(s => !schemasOf(a).includes(s));
    this.gaveUp = false;
    let wantA, wantB;
    try { wantA = await this.catalogOf(create, a); wantB = await this.catalogOf(createB, b); } catch (error) { return { unusable: error.message }; }

    let why = await this.compareOffline(this.file, create, random, wantB);
    if (why) return { why };
    await this.prepare(this.ours, create, random());
    why = await this.compareLive(this.file, create, random, wantB);
    if (why) return { why };

    const risks = await this.warnings(create, random());
    why = await this.comparePush(risks, create, random(), wantB);
    if (why) return { why };
    const told = announced([...risks.warnings, ...risks.unexecutable]);
    told.recreates = risks.warnings.some(w => w.includes('dropped and recreated'));
    told.mayFail = risks.refused || risks.unexecutable.length || risks.onlyOurs.length || risks.warnings.some(w => /this will fail|cast from|primary key/.test(w));
    why = await this.compareDev(this.file, create);
    if (why) return { why };
    const begin = () => this.prepare(this.ours, create, random());
    const start = await catalog(this.ours);
    why = await this.migrate(this.ours, b, wantB, told, begin);
    if (!why && this.refusal && !this.gaveUp) why = this.refusal;
    if (why) return { why };
    why = await this.compareBack(start);
    if (why) return { why };
    const makeB = async () => {
      await empty(this.ours);
      await this.ours.query(createB);
    };
    if (this.gaveUp) await makeB();
    why = await this.migrate(this.ours, a, wantA, null, makeB);
    return { why: why && `on the way back: ${why}` };
  }

  // With what Prisma has no word for: only a history tells what of it is ours, so all of it is made by migrate dev.
  async compareExtended(pair) {
    const { a, b } = this.file;
    fs.writeFileSync(a, pair.from);
    fs.writeFileSync(b, pair.to);
    const [create, createB] = await Promise.all([this.diff('empty', a, '--script'), this.diff('empty', b, '--script')]);
    const seed = pair.random.below(2 ** 31);
    let wantB;
    try { await this.catalogOf(create, a); wantB = await this.catalogOf(createB, b); } catch (error) { return { unusable: error.message }; }
    this.leavesSchema = schemasOf(a).some(s => !schemasOf(b).includes(s)) || schemasOf(b).some(s => !schemasOf(a).includes(s));
    if (this.leavesSchema) return { unusable: 'what stands in a schema that is no longer listed is left alone' };
    emptyHistory(this.scratch);
    await empty(this.fresh);
    const why = await this.dev(a, 'first') || await this.dev(b, 'second');
    if (why || this.refusal) return { why: why || this.refusal };
    await this.prepare(this.ours, create, pair.again(seed));
    const start = await catalog(this.ours), up = this.made?.up ?? '';
    try { await this.ours.query(up); } catch {
      await this.ours.query('ROLLBACK');
      await this.prepare(this.ours, create, pair.again(seed));
      await deleteRows(this.ours);
      try { await this.ours.query(up); } catch (error) {
        await this.ours.query('ROLLBACK');
        return { why: error.message.includes('cannot be cast automatically') ? '' : `the script fails on empty tables: ${error.message}\n${up}` };
      }
    }
    const wrong = catalogDifference(await catalog(this.ours, schemasOf(b)), wantB, start);
    if (wrong) return { why: `after the script ${wrong}\n${up}` };
    const second = await this.live(this.ours, b, '--script');
    if (second !== '-- This is an empty migration.\n') return { why: `a second difference is not empty:\n${second}` };
    return { why: await this.compareBack(start) };
  }
}

export async function compareDiffs({ schemac, scratch, seed, count, first, extended, result }) {
  const { generatorOf } = await import('./random.mjs');
  const pairs = new Pairs(schemac, scratch, process.env.DATABASE_URL);
  let different = 0, compared = 0;
  await pairs.open();
  for (let index = first; compared < count; index++) {
    const pair = { ...await randomPair(seed, index, pairs.isValid), again: generatorOf };
    if (extended) Object.assign(pair, pair.extended());
    let outcome;
    try { outcome = await (extended ? pairs.compareExtended(pair) : pairs.compare(pair)); } catch (error) {
      outcome = error instanceof Unusable ? { unusable: error.message } : { why: error.stack ?? error.message };
      await pairs.recover();
    }
    if (outcome.unusable) continue; // PostgreSQL itself refuses A or B
    compared++;
    if (outcome.why) different++;
    result(`conformance: random pair ${extended ? '--extended ' : ''}--seed ${seed} number ${index}`, outcome.why, outcome.why && `${pair.made.join(', ')}\n${pair.from}\n---- to\n${pair.to}`);
  }
  await pairs.close();
  console.log(`# looked for lost rows and values on the way to B in ${pairs.kept.there} pairs, on the way back in ${pairs.kept.back}: the others' rows have to go first`);
  console.log(`# of ${count} pairs Prisma's script does not lead to B, or fails: ${pairs.unapplicable} scripts`);
  return { compared, different };
}
