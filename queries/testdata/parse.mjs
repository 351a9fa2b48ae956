// Parses statements with grammars of their engines. Each line it reads is {dialect, sql}; each line it prints is the
// array of what is wrong with it, empty when nothing is.
import { register } from 'node:module'
import { createInterface } from 'node:readline'

// dt-sql-parser is written for bundlers: it leaves the ends of its imports away.
register('data:text/javascript,' + encodeURIComponent(`export async function resolve(name, context, next) {
  for (const end of ['', '.js', '/index.js']) try { return await next(name + end, context) } catch {}
  throw new Error('no module ' + name)
}`))
const { HiveSQL, SparkSQL, TrinoSQL } = await import('dt-sql-parser')
const parsers = { hive: new HiveSQL(), spark: new SparkSQL(), trino: new TrinoSQL() }

console.error = () => {} // the parsers print there what they also return
for await (const line of createInterface({ input: process.stdin })) {
  const { dialect, sql } = JSON.parse(line)
  console.log(JSON.stringify(parsers[dialect].validate(sql).map((e) => `${e.startLine}:${e.startColumn} ${e.message}`)))
}
