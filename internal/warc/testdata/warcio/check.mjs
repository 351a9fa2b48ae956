// Reads a segment with warcio and prints what it finds, a JSON object a line. The
// digests are computed anew: of the block as it stands, and by warcio's own
// serializer of what its parser made of the record.
import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { brotliDecompressSync } from "node:zlib";
import { WARCParser, WARCSerializer } from "warcio";

const file = process.argv[2];
const sha256 = (bytes) => "sha256:" + createHash("sha256").update(bytes).digest("hex");
const parse = (options) => new WARCParser(createReadStream(file), { keepHeadersCase: true, ...options });

const raw = parse({ parseHttp: false });
const records = [];
for await (const record of raw) {
  const block = await record.readFully(false);
  const headers = Object.fromEntries(record.warcHeaders.headers);
  records.push({
    protocol: record.warcHeaders.statusline,
    headers,
    offset: raw.offset,
    length: block.length,
    blockDigest: sha256(block),
  });
}

let n = 0;
for await (const record of parse({ parseHttp: true })) {
  const found = records[n++];
  if (record.httpHeaders) {
    found.statusline = record.httpHeaders.statusline;
    found.http = Object.fromEntries([...record.httpHeaders.headers].map(([k, v]) => [k.toLowerCase(), v]));
    const payload = await record.readFully(false);
    found.payloadDigest = sha256(payload);
    const decoded = found.http["content-encoding"] === "br" ? brotliDecompressSync(payload) : await record.readFully(true);
    found.text = new TextDecoder().decode(decoded);
  }
}

n = 0;
for await (const record of parse({ parseHttp: true })) {
  const found = records[n++];
  const serializer = new WARCSerializer(record, { digest: { algo: "sha-256", prefix: "sha256:" } });
  await serializer.digestRecord({ recompute: true });
  found.again = {
    block: record.warcBlockDigest,
    payload: record.warcPayloadDigest,
    length: record.warcContentLength,
  };
}
for (const record of records) console.log(JSON.stringify(record));
