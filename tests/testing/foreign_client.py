# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

"""A client in another language: every endpoint by httpx, the gateway by websockets, with the libraries' own headers.

foreign_client.py BASE_URL GATEWAY_URL CA_FILE, with the code that protoc makes of the proto in the module path.
"""

import asyncio
import json
import ssl
import sys
import uuid

import httpx
import websockets

from yunhu import msg_pb2, push_pb2

base_url, gateway_url, ca_file = sys.argv[1:]
verified = ssl.create_default_context(cafile=ca_file)


class Account:
    def __init__(self, token):
        self.http = httpx.Client(base_url=base_url, verify=verified, headers={"token": token}, timeout=60)

    def protobuf(self, path, request, reply):
        answer = self.http.post(path, content=request.SerializeToString())
        assert answer.status_code == 200, answer.text
        reply.ParseFromString(answer.content)
        assert reply.status.code == 1, (path, reply.status.code, reply.status.msg.decode())
        return reply

    def status(self, name, **fields):
        request = {
            "send-message": msg_pb2.SendMessageRequest,
            "edit-message": msg_pb2.SendMessageRequest,
            "button-report": msg_pb2.ButtonReportRequest,
            "recall-msg": msg_pb2.RecallMsgRequest,
            "recall-msg-batch": msg_pb2.RecallMsgBatchRequest,
        }[name](**fields)
        self.protobuf("/v1/msg/" + name, request, msg_pb2.StatusReply())

    def listed(self, name, request):
        return [m.msg_id for m in self.protobuf("/v1/msg/" + name, request, msg_pb2.ListReply()).msg]

    def json(self, name, body):
        answer = self.http.post("/v1/msg/" + name, json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["code"] == 1, answer.text
        return answer.json()

    def send(self, text, chat=b"big", chat_type=2, **more):
        msg_id = uuid.uuid4().hex.encode()
        content = msg_pb2.Content(text=text) if text else more.pop("content")
        self.status("send-message", msg_id=msg_id, chat_id=chat, chat_type=chat_type, content=content,
                    content_type=more.pop("content_type", 1), **more)
        return msg_id


def try_endpoints(ada):
    big = {"chat_id": b"big", "chat_type": 2}
    first = ada.send(b"one")
    second = ada.send(b"two", quote_msg_id=first, command_id=7)
    picture = ada.send(None, content=msg_pb2.Content(image=b"a.jpg"), content_type=2)
    file = ada.send(None, content=msg_pb2.Content(file_url=b"a.bin", file_size=3), content_type=4)
    ada.status("edit-message", msg_id=second, content=msg_pb2.Content(text=b"changed"), content_type=1, **big)
    ada.status("button-report", msg_id=first, user_id=b"1", button_value=b"yes", **big)

    assert ada.listed("list-message", msg_pb2.ListMessageRequest(msg_count=2, **big)) == [file, picture]
    assert ada.listed("list-message", msg_pb2.ListMessageRequest(msg_count=2, msg_id=picture, **big)) == [second, first]
    assert ada.listed("list-message-by-seq", msg_pb2.ListMessageBySeqRequest(msg_start=2, **big)) == [file, picture]
    by_id = msg_pb2.ListMessageByMidSeqRequest(msg_seq=-1, msg_id=second, msg_count=1, **big)
    assert ada.listed("list-message-by-mid-seq", by_id) == [picture, second]
    around = msg_pb2.PicListMessageByMidSeqRequest(image_id=3, earlier_count=1, later_count=1, **big)
    assert ada.listed("pic-list-message-by-mid-seq", around) == [picture]
    reply = msg_pb2.ListReply()
    ada.protobuf("/v1/msg/list-message-by-update", push_pb2.ListMessageByUpdateRequest(msg_count=100, **big), reply)
    assert len(reply.msg) == 4
    url = next(m.content.image_url for m in reply.msg if m.msg_id == picture)
    assert url.startswith(b"https://"), url

    records = ada.json("list-message-edit-record", {"msgId": second.decode(), "size": 10, "page": 1})
    assert json.loads(records["data"]["list"][0]["contentOld"])["text"] == "two"
    ada.json("file-download-record", {"msgId": file.decode(), "downloadPath": "/tmp/a.bin"})
    ada.json("msg-forward", {"msgId": first.decode(), "chatType": "2", "receive": [{"chatId": "2", "chatType": "1"}]})
    ada.json("delete", {"msgId": file.decode(), "chatId": "big", "chatType": "2", "deviceId": "x"})
    # The only captured recall in public has no chat_type.
    ada.status("recall-msg", msg_id=first, chat_id=b"big")
    ada.status("recall-msg-batch", msg_id=[second, picture], **big)


def try_account(ada):
    info = push_pb2.UserInfoReply()
    info.ParseFromString(ada.http.get("/v1/user/info").content)
    assert (info.user.id, info.user.name) == (b"1", b"ada")
    first = ada.protobuf("/v1/conversation/list", push_pb2.ConversationListRequest(), push_pb2.ConversationListReply())
    assert {c.chat_id for c in first.data} == {b"big", b"2"}, first
    same = ada.protobuf("/v1/conversation/list", push_pb2.ConversationListRequest(md5=first.md5),
                        push_pb2.ConversationListReply())
    assert not same.data
    assert ada.http.get("/v1/misc/configure-distribution").json()["data"]["websocketUrl"] == gateway_url
    assert httpx.get(base_url + "/v1/user/info", verify=verified).json()["code"] == -101


async def received(socket, cmd):
    while True:
        frame = push_pb2.WsWrapper()
        frame.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
        if frame.info.cmd == cmd:
            push = push_pb2.PushMessage()
            push.ParseFromString(frame.data.value)
            return push


async def try_gateway(ada, ben):
    async with websockets.connect(gateway_url, ssl=verified) as socket:
        login = {"userId": "1", "token": "token-of-ada", "platform": "linux", "deviceId": "d-1"}
        await socket.send(json.dumps({"seq": "1", "cmd": "login", "data": login}))
        await socket.send(json.dumps({"seq": "2", "cmd": "heartbeat", "data": {}}))
        await received(socket, b"heartbeat_ack")
        msg_id = await asyncio.to_thread(ben.send, b"hello ada")
        push = await received(socket, b"push_message")
        assert (push.msg_id, push.sender.name, push.content.text) == (msg_id, b"ben", b"hello ada"), push
        big = {"chat_id": b"big", "chat_type": 2}
        await asyncio.to_thread(ben.status, "edit-message", msg_id=msg_id, content=msg_pb2.Content(text=b"changed"),
                                content_type=1, **big)
        assert (await received(socket, b"edit_message")).content.text == b"changed"
        await asyncio.to_thread(ben.status, "recall-msg", msg_id=msg_id, **big)
        assert (await received(socket, b"push_message")).delete_timestamp > 0
        own = await asyncio.to_thread(ada.send, b"hello ben", b"2", 1)
        echo = await received(socket, b"push_message")
        assert (echo.msg_id, echo.sender.chat_id) == (own, b"1")
    async with websockets.connect(gateway_url, ssl=verified) as socket:
        await socket.send(json.dumps({"seq": "1", "cmd": "login", "data": dict(login, platform="Linux")}))
        assert await asyncio.wait_for(socket.recv(), 60) == "数据不合法"


accounts = Account("token-of-ada"), Account("token-of-ben")
try_endpoints(accounts[0])
try_account(accounts[0])
asyncio.run(try_gateway(*accounts))
