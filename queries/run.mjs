// Runs DuckDB queries over a folder of drops: one that holds v1/, such as the demo's or a synced copy.
//
//   node run.mjs DIR duckdb/partners.sql country=VN since=2026-10-01
//   node run.mjs DIR "SELECT count(*) FROM articles"
//   node run.mjs --json DIR …    one JSON array of rows
//
// name=value sets a variable of the query; its header lists them.
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

const file = (name) => readFileSync(name, 'utf8')
const beside = (name) => file(fileURLToPath(new URL(name, import.meta.url)))
const quote = (text) => `'${text.replaceAll("'", "''")}'`

// ask gives the answer as DuckDB's reader; a variable that the query does not ask for is refused.
export async function ask(drops, query, ...variables) {
  const sql = query.endsWith('.sql') ? file(query) : query
  const base = beside('duckdb/base.sql')
  const asked = new Set([...(sql + base).matchAll(/getvariable\('(\w+)'\)/g)].map((match) => match[1]))
  asked.delete('drops') // the first argument
  const values = variables.map((variable) => {
    const [, name, value] = variable.match(/^(\w+)=(.*)$/s) ?? []
    if (!name) throw new Error(`${variable}: write name=value`)
    if (!asked.has(name)) throw new Error(`${name}: the query does not ask for it, but for ${[...asked].sort().join(', ')}`)
    return [name, value]
  })

  const db = await (await DuckDBInstance.create()).connect()
  await db.run("SET TimeZone = 'UTC'")
  for (const [name, value] of [['drops', drops], ...values]) await db.run(`SET VARIABLE ${name} = ${quote(value)}`)
  await db.run(beside('duckdb/articles.sql'))
  await db.run(base)
  return db.runAndReadAll(sql)
}

// json gives rows as objects.
export function json(answer) {
  const long = answer.columnNames().filter((_, i) => String(answer.columnType(i)) === 'BIGINT')
  const rows = answer.getRowObjectsJson()
  for (const row of rows) for (const name of long) row[name] &&= Number(row[name])
  return rows
}

// table aligns columns by what a terminal shows: combining marks take no place, Han characters two.
export function table(answer) {
  const rows = answer.getRows().map((row) => row.map((value) => value?.items?.join(', ') ?? String(value ?? '')))
  const width = (text) => [...text.replace(/\p{M}/gu, '')].reduce((n, c) => n + (/\p{Script=Han}|[，。、：；「」（）]/u.test(c) ? 2 : 1), 0)
  const lines = [answer.columnNames(), ...rows]
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => width(line[i]))))
  const aligned = lines.map((line) => line.map((text, i) => text + ' '.repeat(widths[i] - width(text))).join('  ').trimEnd())
  return [...aligned, `(${rows.length} row${rows.length === 1 ? '' : 's'})`].join('\n')
}

async function main(args) {
  const form = args[0] === '--json' && args.shift() ? (answer) => JSON.stringify(json(answer)) : table
  if (args.length < 2) {
    console.error('usage: node run.mjs [--json] DIR QUERY.sql|SQL [name=value …]')
    process.exit(2)
  }
  console.log(form(await ask(...args)))
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
}
