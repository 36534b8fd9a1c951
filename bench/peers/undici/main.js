// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// undici, what Node's fetch is made of, and protobufjs: one async loop a connection.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import protobuf from "protobufjs";
import { Pool } from "undici";

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    port: text, "ca-file": text, proto: text, "user-agent": text, connections: text, calls: text, "warm-up": text,
  },
});
const connections = Number(values.connections ?? 64);
const calls = Number(values.calls ?? 20000);
const warmUp = Number(values["warm-up"] ?? 2000);
const messages = protobuf.loadSync(values.proto).lookup("yunhu.wire");
const SendMessageRequest = messages.lookupType("SendMessageRequest");
const StatusReply = messages.lookupType("StatusReply");
const pool = new Pool(`https://127.0.0.1:${values.port}`, {
  connections,
  pipelining: 1,
  connect: { ca: readFileSync(values["ca-file"]) },
});
const headers = {
  "user-agent": values["user-agent"],
  "content-type": "application/x-protobuf",
  accept: "application/x-protobuf",
  token: "test-token",
};

function isSuccess(reply) {
  try {
    return StatusReply.decode(new Uint8Array(reply)).status?.code === 1;
  } catch {
    return false;
  }
}

async function call() {
  const body = SendMessageRequest.encode({
    msgId: randomUUID().replaceAll("-", ""),
    chatId: "big",
    chatType: 2, // a group
    content: { text: "hello" },
    contentType: 1, // text
  }).finish();
  const response = await pool.request({ method: "POST", path: "/v1/msg/send-message", headers, body });
  const reply = await response.body.arrayBuffer();
  if (response.statusCode !== 200 || !isSuccess(reply)) {
    throw new Error(`the server refused a call: HTTP status ${response.statusCode}`);
  }
}

async function phase(count) {
  let left = count;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        await call();
      }
    }),
  );
}

await phase(warmUp);
const begin = process.hrtime.bigint();
const before = process.cpuUsage();
await phase(calls);
const used = process.cpuUsage(before);
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
console.log(
  JSON.stringify({
    name: "undici",
    calls,
    connections,
    cpu_us_per_call: (used.user + used.system) / calls,
    user_us_per_call: used.user / calls,
    calls_per_second: calls / seconds,
    peak_rss_kb: process.resourceUsage().maxRSS,
  }),
);
await pool.close();
