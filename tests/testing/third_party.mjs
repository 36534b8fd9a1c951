// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A client made of npm's packages: third_party.mjs BASE_URL GATEWAY_URL, with the .proto files in proto/ beside it.
// It does what nanoyunhu (github.com/TASA-Ed/nanoyunhu) does: undici for the requests, which have only the token as a
// header, and ws for the gateway, whose login and heartbeats are JSON text.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { request } from "undici";
import WebSocket from "ws";

const [baseUrl, gatewayUrl] = process.argv.slice(2);
const folder = fileURLToPath(new URL("proto/", import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_from, file) => folder + file;
root.loadSync(["yunhu/msg.proto", "yunhu/push.proto"], { keepCase: true });
const type = (name) => root.lookupType(name);
const bytes = (text) => Buffer.from(text);
const text = (value) => Buffer.from(value).toString();
const big = { chat_id: bytes("big"), chat_type: 2 };

async function answer(token, path, options) {
	const got = await request(baseUrl + path, { headers: { token }, ...options });
	const body = Buffer.from(await got.body.arrayBuffer());
	assert.equal(got.statusCode, 200, `${path}: ${body}`);
	return body;
}

async function call(token, name, requestType, fields, replyType = "StatusReply") {
	const body = Buffer.from(type(requestType).encode(type(requestType).fromObject(fields)).finish());
	const reply = type(replyType).decode(await answer(token, `/v1/msg/${name}`, { method: "POST", body }));
	assert.equal(Number(reply.status.code), 1, `${name}: ${JSON.stringify(reply)}`);
	return reply;
}

async function callJson(token, name, fields) {
	const body = await answer(token, `/v1/msg/${name}`, { method: "POST", body: JSON.stringify(fields) });
	const reply = JSON.parse(body);
	assert.equal(reply.code, 1, `${name}: ${body}`);
	return reply;
}

async function send(token, content) {
	const msgId = randomUUID().replaceAll("-", "");
	const fields = { msg_id: bytes(msgId), content: { text: bytes(content) }, content_type: 1, ...big };
	await call(token, "send-message", "SendMessageRequest", fields);
	return msgId;
}

/** A session of the gateway; `next` is the payload of the next frame with that command. */
class Session {
	constructor(userId, token) {
		this.frames = [];
		this.socket = new WebSocket(gatewayUrl);
		this.opened = new Promise((resolve, reject) => {
			this.socket.on("error", reject);
			this.socket.on("open", () => {
				this.write("login", { userId, token, platform: "windows", deviceId: randomUUID() });
				this.write("heartbeat", {});
				resolve();
			});
		});
		this.socket.on("message", (data, binary) => {
			assert.ok(binary, `text: ${data}`);
			this.frames.push(type("WsWrapper").decode(data));
			this.wake?.();
		});
	}

	write(cmd, data) {
		this.socket.send(JSON.stringify({ seq: `${Date.now()}`, cmd, data }));
	}

	async next(cmd) {
		const limit = AbortSignal.timeout(60_000);
		for (;;) {
			while (this.frames.length > 0) {
				const frame = this.frames.shift();
				if (text(frame.info.cmd) === cmd) return frame.data ? type("PushMessage").decode(frame.data.value) : frame;
			}
			await new Promise((resolve, reject) => {
				this.wake = resolve;
				limit.addEventListener("abort", () => reject(new Error(`no ${cmd}`)), { once: true });
			});
		}
	}
}

const ada = "token-of-ada";
const ben = "token-of-ben";

const info = type("UserInfoReply").decode(await answer(ada, "/v1/user/info", { method: "GET" }));
assert.equal(text(info.user.name), "ada");

const session = new Session("1", ada);
await session.opened;
await session.next("heartbeat_ack");

const sent = await send(ben, "hello ada");
const pushed = await session.next("push_message");
assert.deepEqual([pushed.msg_id, pushed.sender.name, pushed.content.text].map(text), [sent, "ben", "hello ada"]);
const changed = { msg_id: bytes(sent), content: { text: bytes("changed") }, content_type: 1, ...big };
await call(ben, "edit-message", "SendMessageRequest", changed);
assert.equal(text((await session.next("edit_message")).content.text), "changed");
await call(ben, "recall-msg", "RecallMsgRequest", { msg_id: bytes(sent), ...big });
assert.ok(Number((await session.next("push_message")).delete_timestamp) > 0);
const own = await send(ada, "hello ben");
assert.equal(text((await session.next("push_message")).msg_id), own);

const middle = { msg_seq: -1, msg_id: bytes(own), msg_count: 1, ...big };
const page = await call(ada, "list-message-by-mid-seq", "ListMessageByMidSeqRequest", middle, "ListReply");
assert.equal(text(page.msg.at(-1).msg_id), own);
await callJson(ada, "msg-forward", { msgId: own, chatType: 2, receive: [{ chatId: "2", chatType: 1 }] });
await callJson(ada, "list-message-edit-record", { msgId: sent, size: 10, page: 1 });
await callJson(ada, "delete", { msgId: own, chatId: "big", chatType: 2 });
session.socket.close();
console.log("passed");
