// Runs DuckDB queries over a folder of drops: one that holds v1/, such as the demo's or a synced copy.
//
//   node run.mjs DIR duckdb/partners.sql country=VN since=2026-10-01
//   node run.mjs DIR "SELECT count(*) FROM articles"
//   node run.mjs --json DIR …    one JSON array of rows
//
// name=value sets a variable of the query; its header lists them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

const args = process.argv.slice(2)
const json = args[0] === '--json' && args.shift()
const [drops, query, ...variables] = args
if (!query) {
  console.error('usage: node run.mjs [--json] DIR QUERY.sql|SQL [name=value …]')
  process.exit(2)
}
const file = (name) => readFileSync(name, 'utf8')
const beside = (name) => file(fileURLToPath(new URL(name, import.meta.url)))
const quote = (text) => `'${text.replaceAll("'", "''")}'`
const set = (name, value) => db.run(`SET VARIABLE ${name} = ${quote(value)}`)

process.on('uncaughtException', (error) => {
  console.error(error.message)
  process.exit(1)
})
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
await set('drops', drops)
for (const [name, value] of values) await set(name, value)
await db.run(beside('duckdb/articles.sql'))
await db.run(base)
const result = await db.runAndReadAll(sql)
if (json) {
  const long = result.columnNames().filter((_, i) => String(result.columnType(i)) === 'BIGINT')
  const rows = result.getRowObjectsJson()
  for (const row of rows) for (const name of long) row[name] &&= Number(row[name])
  console.log(JSON.stringify(rows))
} else {
  print(result.columnNames(), result.getRows().map((row) => row.map((value) => value?.items?.join(', ') ?? String(value ?? ''))))
}

// print aligns columns by what a terminal shows: combining marks take no place, Han characters two.
function print(names, rows) {
  const width = (text) => [...text.replace(/\p{M}/gu, '')].reduce((n, c) => n + (/\p{Script=Han}|[，。、：；「」（）]/u.test(c) ? 2 : 1), 0)
  const lines = [names, ...rows]
  const widths = names.map((_, i) => Math.max(...lines.map((line) => width(line[i]))))
  for (const line of lines) console.log(line.map((text, i) => text + ' '.repeat(widths[i] - width(text))).join('  ').trimEnd())
  console.log(`(${rows.length} row${rows.length === 1 ? '' : 's'})`)
}
