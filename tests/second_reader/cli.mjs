#!/usr/bin/env node
// node cli.mjs [FILE]: reads a document like that of §11 from FILE or standard input and writes one
// JSON line for each of its texts, first the valid, then the damaged. Its challenges are not read here.
// Any member may be absent.
import { readFileSync } from "node:fs";
import { judge, read } from "./reader.mjs";

const { templates = [], keys = {}, valid = [], damaged = [] } = JSON.parse(readFileSync(process.argv[2] ?? 0, "utf8"));

for (const { text } of [...valid, ...damaged]) {
  const result = judge(text, templates, keys);
  const good = result === "ok" ? read(text, templates) : null; // nothing is shown of a text that fails
  const token = good && Buffer.from(good.token).toString("hex");
  process.stdout.write(`${JSON.stringify({ text, result, token, claims: good && good.claims })}\n`);
}
