// Answers many questions over the drops in a folder. Each line it reads is one as run.mjs takes it, such as
// ["duckdb/partners.sql", "country=LA"]; each line it prints is {text, rows}: what run.mjs prints, and with --json.
import { createInterface } from 'node:readline'
import { ask, json, table } from '../run.mjs'

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await ask(process.argv[2], ...JSON.parse(line))
  console.log(JSON.stringify({ text: table(answer), rows: json(answer) }))
}
