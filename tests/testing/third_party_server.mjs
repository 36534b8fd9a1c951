// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A gateway made of npm's packages, and `yunhu listen` as its client: third_party_server.mjs YUNHU, with key.pem,
// cert.pem and the .proto files in proto/ beside it. ws frames, fragments, pings and closes as its authors think that
// RFC 6455 wants it; protobufjs encodes what is pushed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { WebSocketServer } from "ws";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_from, file) => here("proto/") + file;
root.loadSync(["yunhu/msg.proto", "yunhu/push.proto"], { keepCase: true });
const type = (name) => root.lookupType(name);
const encode = (name, fields) => Buffer.from(type(name).encode(type(name).fromObject(fields)).finish());
const bytes = (text) => Buffer.from(text);

let seq = 0;
const frameOf = (cmd, payload) =>
	encode("WsWrapper", { info: { seq: bytes(`${++seq}`), cmd: bytes(cmd) }, data: { value: payload } });
const pushed = (number, text) =>
	frameOf(
		"push_message",
		encode("PushMessage", {
			msg_id: bytes(`message-${number}`),
			sender: { chat_id: bytes("2"), chat_type: 1, name: bytes("ben") },
			recv_id: bytes("1"),
			chat_id: bytes("big"),
			chat_type: 2,
			content: { text: bytes(text) },
			content_type: 1,
			timestamp: 1_767_000_000_000 + number,
			msg_seq: number,
		}),
	);

const server = createServer(
	{ key: readFileSync(here("key.pem")), cert: readFileSync(here("cert.pem")) },
	(request, response) => {
		request.resume();
		request.on("end", () => {
			assert.equal(request.headers.token, "token-of-ada");
			if (request.url === "/v1/conversation/list") {
				response.end(encode("ConversationListReply", { status: { code: 1, msg: bytes("success") }, md5: bytes("m") }));
			} else {
				response.writeHead(404).end("<html>not here</html>");
			}
		});
	},
);
const gateway = new WebSocketServer({ server, path: "/ws", perMessageDeflate: true });
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();

const program = spawn(process.argv[2], ["listen", "--json"], {
	env: {
		...process.env,
		LC_ALL: "C.UTF-8",
		YUNHU_TOKEN: "token-of-ada",
		YUNHU_USER_ID: "1",
		YUNHU_CA_FILE: here("cert.pem"),
		YUNHU_BASE_URL: `https://127.0.0.1:${port}`,
		YUNHU_GATEWAY_URL: `wss://127.0.0.1:${port}/ws`,
	},
	stdio: ["ignore", "pipe", "inherit"],
});
const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
const deadline = setTimeout(() => assert.fail("nothing happens"), 60_000);

/** The next line about that event. */
async function heard(event) {
	for (;;) {
		const { value, done } = await lines.next();
		assert.ok(!done, `the end, without ${event}`);
		const line = JSON.parse(value);
		if (line.event === event) return line;
	}
}

/** A connection that has logged in and sent its first heartbeat, which is answered. */
async function session() {
	const [socket, request] = await once(gateway, "connection");
	assert.equal(request.headers["sec-websocket-extensions"], undefined, "compression is not offered");
	const said = [];
	while (said.length < 2) {
		const [data, binary] = await once(socket, "message");
		assert.ok(!binary);
		said.push(JSON.parse(data));
	}
	assert.equal(said[0].cmd, "login");
	assert.equal(said[0].data.userId, "1");
	assert.equal(said[0].data.token, "token-of-ada");
	assert.equal(said[1].cmd, "heartbeat");
	socket.send(frameOf("heartbeat_ack", Buffer.alloc(0)));
	return socket;
}

let socket = await session();
assert.equal((await heard("session")).state, "connected");

socket.send(pushed(1, "hello"));
assert.equal((await heard("message")).text, "hello");

// In three pieces, with a ping between them: control frames may be in the middle of a message.
const parts = pushed(2, "in pieces");
socket.send(parts.subarray(0, 5), { fin: false });
socket.ping("are you there?");
socket.send(parts.subarray(5, 20), { fin: false });
socket.send(parts.subarray(20));
const [pong] = await once(socket, "pong");
assert.equal(pong.toString(), "are you there?");
assert.equal((await heard("message")).text, "in pieces");

const long = "long ".repeat(40_000);
socket.send(pushed(3, long));
assert.equal((await heard("message")).text, long);

socket.send("garbage");
socket.send(bytes("\x00\x01\x02"));
socket.send(pushed(4, "after garbage"));
assert.equal((await heard("message")).text, "after garbage");

socket.close(1001, "restart");
const lost = await heard("session");
assert.equal(lost.state, "lost");
assert.equal(lost.close_code, 1001);
const [code] = await once(socket, "close");
assert.equal(code, 1001, "the close frame is answered");

socket = await session();
assert.equal((await heard("session")).state, "connected");
socket.send(pushed(5, "again"));
assert.equal((await heard("message")).text, "again");

// It ends as a browser does: with a close frame.
const closed = once(socket, "close");
program.kill("SIGINT");
const [exitCode] = await once(program, "exit");
assert.equal(exitCode, 0);
assert.equal((await closed)[0], 1000);
clearTimeout(deadline);
gateway.close();
server.close();
console.log("yunhu listen against npm's ws: all as expected");
