// Reads the newest drop's Parquet through the S3 API with hyparquet, which shares no code with the writer, and prints
// JSON lines: first what the files' footers say, then each row with times as the JSONL has them.
//
//   AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… node read.mjs ENDPOINT REGION BUCKET
import { createHash } from 'node:crypto'
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const [endpoint, region, bucket] = process.argv.slice(2)
const s3 = new S3Client({ endpoint, region, forcePathStyle: true })

async function get(Key, Range) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, Range }))
  return Body.transformToByteArray()
}

const json = async (key) => JSON.parse(new TextDecoder().decode(await get(key)))

// open gives a file that is read in ranges, as readers of S3 do.
async function open(Key) {
  const { ContentLength: byteLength } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }))
  const slice = async (start, end = byteLength) => (await get(Key, `bytes=${start}-${end - 1}`)).slice().buffer
  return { byteLength, slice }
}

// Microseconds are more than a Date holds.
const time = (micros) => {
  const second = micros / 1000000n
  const fraction = String(micros % 1000000n).padStart(6, '0').replace(/0+$/, '')
  return new Date(Number(second) * 1000).toISOString().slice(0, 19) + (fraction && '.' + fraction) + 'Z'
}
const parsers = {
  stringFromBytes: (bytes) => bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  timestampFromMicroseconds: time,
}

// A struct that is null comes as undefined.
const print = (value) => console.log(JSON.stringify(value, (_, v) => typeof v === 'bigint' ? Number(v) : v ?? null))

const manifest = await json((await json('v1/_latest.json')).manifest)
for (const { key, sha256, bytes } of manifest.files.filter((f) => f.format === 'parquet')) {
  if (createHash('sha256').update(await get(key)).digest('hex') !== sha256) throw new Error(`${key} is not what the manifest names`)
  const file = await open(key)
  if (file.byteLength !== bytes) throw new Error(`${key} has ${file.byteLength} bytes`)
  const metadata = await parquetMetadataAsync(file)
  print({
    rows: metadata.num_rows,
    codecs: [...new Set(metadata.row_groups.flatMap((g) => g.columns.map((c) => c.meta_data.codec)))],
    metadata: Object.fromEntries(metadata.key_value_metadata.map(({ key, value }) => [key, value])),
    ids: metadata.schema.flatMap((e) => e.field_id ?? []),
  })
  for (const row of await parquetReadObjects({ file, metadata, compressors, parsers })) print(row)
}
