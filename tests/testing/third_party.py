# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

"""yh_user_sdk, unchanged, against an emulator: third_party.py PORT, with the package in the module path.

Its hosts are built in, so their names are resolved to the emulator; SSL_CERT_FILE names the emulator's CA.
"""

import asyncio
import json
import socket
import sys
import threading

port = int(sys.argv[1])
resolve = socket.getaddrinfo


def resolve_here(host, service, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name.endswith(".jwzhd.com"):
        return resolve("127.0.0.1", port, *args, **kwargs)
    return resolve(host, service, *args, **kwargs)


socket.getaddrinfo = resolve_here

import yh_user_sdk  # noqa: E402: after the patch
from yh_user_sdk.core.ws import ws as gateway  # noqa: E402

ada = yh_user_sdk.set_token("token-of-ada")
ben = yh_user_sdk.set_token("token-of-ben")


def succeed(reply):
    status = reply.get("status", reply)
    assert status.get("code") == 1, reply
    return reply


def send(sender, text, msg_id, **more):
    succeed(sender.msg.send("big", "group", msg_id=msg_id, data={"content": {"text": text}, **more}))
    return msg_id


def ids(reply):
    return [each["msgId"] for each in succeed(reply).get("msg", [])]


def try_messages():
    first = send(ada, "one", "a1")
    second = send(ada, "two", "a2", quote_msg_id=first)
    button = [[{"text": "yes", "actionType": 3, "value": "y"}]]
    succeed(ada.msg.send("big", "group", "markdown", "a3", {"content": {"text": "# md", "buttons": button}}))
    succeed(ada.msg.send("big", "group", "image", "a4", {"content": {"image": "a.jpg"}, "media": {
        "file_key": "a.jpg", "file_key2": "a.jpg", "file_hash": "h", "file_type": "image/jpeg", "image_height": 2,
        "image_width": 3, "file_size": 9, "file_suffix": "jpg"}}))
    assert ids(ada.msg.list("big", "group", 10)) == ["a4", "a3", second, first]
    assert ids(ada.msg.list("big", "group", 2, second)) == [first]
    assert ids(ada.msg.list_by_seq("big", "group", 2)) == ["a4", "a3"]
    assert ids(ada.msg.list_by_mid_seq("big", "group", second, 1)) == ["a3", second]
    listed = ada.msg.list("big", "group", 10)["msg"]
    assert listed[0]["content"]["imageUrl"].startswith("https://"), listed[0]
    assert json.loads(listed[1]["content"]["buttons"]) == button, listed[1]
    assert listed[2]["quoteMsgId"] == first, listed[2]
    succeed(ada.msg.edit("big", "group", second, data={"content": {"text": "changed"}}))
    records = succeed(ada.msg.edit_record(second))["data"]["list"]
    assert json.loads(records[0]["contentOld"])["text"] == "two", records
    succeed(ada.msg.button_report("big", "group", "a3", "1", "y"))
    assert [each["msgId"] for each in ada.tool.get_msg("big", "group", second)] == [second]
    assert [each["msgId"] for each in ada.tool.get_msg("big", "group", second, before=1)] == [second, first]
    succeed(ada.msg.recall("big", "group", first))
    succeed(ada.msg.recall_batch("big", "group", [second, "a4"]))
    left = {each["msgId"]: each for each in ada.msg.list("big", "group", 10)["msg"]}
    assert all(int(left[each]["msgDeleteTime"]) > 0 for each in (first, second, "a4")), left


def try_account():
    info = succeed(ada.user.info())
    assert (info["data"]["id"], info["data"]["name"]) == ("1", "ada"), info
    listed = succeed(ada.conversation.list())
    assert [each["chatId"] for each in listed["data"]] == ["big"], listed
    assert succeed(ada.misc.configure_distribution())["data"]["websocketUrl"].startswith("wss://")


class events:
    """The gateway's events as its own loop gives them, in a thread."""

    def __init__(self, token, **options):
        self.session = gateway(token)
        self.loop = asyncio.new_event_loop()
        self.queue = asyncio.Queue()
        self.options = options
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self.read(), self.loop)

    async def read(self):
        async for each in self.session.connect(**self.options):
            await self.queue.put(each)

    def next(self, cmd):
        async def take():
            while True:
                got = await asyncio.wait_for(self.queue.get(), 60)
                if got["info"]["cmd"] == cmd:
                    return got

        return asyncio.run_coroutine_threadsafe(take(), self.loop).result(70)

    def close(self):
        asyncio.run_coroutine_threadsafe(self.session.close(), self.loop).result(60)


def try_gateway():
    own = events("token-of-ada")
    own.next("heartbeat_ack")
    sent = send(ben, "hello ada", "b1")
    pushed = own.next("push_message")["data"]["msg"]
    assert (pushed["msgId"], pushed["sender"]["name"]) == (sent, "ben"), pushed
    assert (pushed["chatId"], pushed["chatType"], pushed["content"]["text"]) == ("big", 2, "hello ada"), pushed
    succeed(ben.msg.edit("big", "group", sent, data={"content": {"text": "changed"}}))
    edited = own.next("edit_message")["data"]["msg"]
    assert edited["content"]["text"] == "changed" and int(edited["editTime"]) > 0, edited
    succeed(ben.msg.recall("big", "group", sent))
    recalled = own.next("push_message")["data"]["msg"]
    assert recalled["msgId"] == sent and int(recalled["deleteTime"]) > 0, recalled
    own.close()


for part in (try_messages, try_account, try_gateway):
    part()
    print("passed:", part.__name__)
