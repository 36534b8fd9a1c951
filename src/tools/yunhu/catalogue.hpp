// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdexcept>
#include <string_view>

// The program's texts for people, in English and in Chinese; those about endpoints and their fields are in the
// library's schemas. Compiled in: an English text without a Chinese one does not compile, and no file must be
// installed, as gettext's .mo files would have to be.
namespace cli {

struct catalogue_entry {
    std::string_view english;
    std::string_view chinese;
};

inline constexpr catalogue_entry catalogue[] = {
    {"", ""},

    // The program, and the labels of its help.
    {"The Yunhu message API on the command line.", "在命令行里使用云湖消息 API。"},
    {"Usage", "用法"},
    {"OPTIONS", "选项"},
    {"SUBCOMMAND", "子命令"},
    {"Options", "选项"},
    {"Subcommands", "子命令"},
    {"Positionals", "参数"},
    {"REQUIRED", "必填"},
    {"Env", "环境变量"},
    {"value", "值"},
    {"Print this help and end", "显示帮助并退出"},
    {"Print the version and end", "显示版本并退出"},
    {"Example:", "示例："},
    {"Options of all subcommands: yunhu --help", "所有子命令共有的选项：yunhu --help"},
    {"Exit codes: 0 success, 2 usage (nothing was sent), 3 refused by the API or not a successful response, "
     "4 not authenticated, 5 transport (not sent; a list may be repeated), 6 outcome unknown (it may have taken "
     "effect), 7 the output could not be written (or the input not be read to its end), 130 interrupted.",
     "退出码：0 成功，2 用法错误（什么都没有发送），3 被 API 拒绝或响应不是成功，4 未登录，"
     "5 传输失败（没有发出；列表可以再查一次），6 结果未知（可能已经生效），"
     "7 输出写不出去（或输入没能读完），130 被中断。"},
    {"HTTPS_PROXY and NO_PROXY name a proxy, as for other programs.",
     "环境变量 HTTPS_PROXY 和 NO_PROXY 指定代理，和其他程序一样。"},

    // Options that all subcommands take.
    {"One JSON object on standard output, also for errors", "在标准输出上给出一个 JSON 对象，出错时也是"},
    {"URL of the API", "API 的地址"},
    {"Trusted CAs (PEM) in place of the system's", "受信任的 CA（PEM 文件），代替系统自带的"},
    {"The account's token; the variable hides it from other users of this machine",
     "账号的 token；用环境变量，本机的其他用户就看不到它"},
    {"Allow http:// in --base-url for this machine", "允许 --base-url 用 http:// 访问本机"},
    {"Timeout of a call with all its attempts, in ms", "一次调用（包括重试）的超时，毫秒"},
    {"Maximum number of attempts of a call, including the first", "一次调用最多尝试几次，包括第一次"},
    {"Maximum number of connections", "最多同时有几个连接"},

    // Subcommands.

    {"the text, from a file, or from standard input for -; an argument can hold 128 kB at most",
     "从文件读取的文本；写 - 就从标准输入读取。命令行参数最长 128 kB"},

    // Calls with a password, a code or a token.
    {", in a file; -: standard input", "，从文件读取；写 - 就从标准输入读取"},
    {"file for the token, which only its owner can read", "存 token 的文件，只有它的主人能读"},
    {"must be given, or --json: the token is printed nowhere else", "必须写，或者用 --json：token 不会显示在别处"},
    {"can't be written: {0}", "写不了：{0}"},
    {"yunhu: the token could not be written: {0}", "yunhu：token 写不出去：{0}"},
    {"yes", "是"},
    {"no", "否"},

    // batch.
    {"Run many calls over one pool: one JSON object per line on stdin",
     "用一个连接池做许多调用：标准输入每行一个 JSON 对象"},
    {"Maximum number of concurrent calls; 1: strictly in order", "最多同时进行多少个调用；1：严格按顺序"},
    {"A line has a call and its fields, named as in the API, and optionally tag, wait_ms and timeout_ms:",
     "每行写出调用的名字和它的字段，名字与 API 相同；还可以有 tag、wait_ms 和 timeout_ms："},
    {"Prints one line for each completed call, {\"tag\",\"ok\":true,\"result\"} or\n"
     "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 if every line was processed.",
     "每个调用结束时输出一行，{\"tag\",\"ok\":true,\"result\"} 或\n"
     "{\"tag\",\"ok\":false,\"error\"}。每一行都处理过，退出码就是 0。"},

    {"standard input can't be read: {0}", "标准输入读不了：{0}"},

    // Standard output.
    {"yunhu: the output could not be written: {0}", "yunhu：输出写不出去：{0}"},

    // tail.
    {"Follow a chat: print its new messages", "跟踪一个会话：新消息一来就显示"},
    {"begin after this msg_seq; if absent, with the newest messages",
     "从这个 msg_seq 之后开始；不写就从最新的消息开始"},
    {"number of newest messages to begin with", "开始时显示最新的多少条消息"},
    {"interval between two look-ups, in ms", "两次查询之间停多少毫秒"},
    {"one JSON object per line, the same as --json", "每行一个 JSON 对象，与 --json 相同"},
    {"Ends with Ctrl-C, exit code 0. While the server can't be reached or gives no usable response, tail keeps "
     "retrying, ever more rarely, up to once a minute. Later edits and recalls of printed messages are not shown. On a "
     "terminal a line ends at its edge; --json prints all.",
     "按 Ctrl-C 结束，退出码 0。连不上服务器，或响应不可用时会一直重试，间隔逐渐拉长到一分钟。"
     "已经显示过的消息，之后被编辑或撤回不会再显示。在终端上，一行到屏幕边缘为止；--json 输出全部内容。"},
    {"yunhu: keeps retrying", "yunhu：继续重试"},

    // listen.
    {"Print the events of the account as they happen", "显示账号的事件，一发生就显示"},
    {"only the events of this chat; repeatable", "只要这个会话的事件；可以写多次"},
    {"file with the positions, from which the next run goes on", "记录位置的文件，下次运行从这里继续"},
    {"URL of the push gateway", "推送网关的地址"},
    {"the account's own id", "账号自己的 ID"},
    {"Ends with Ctrl-C, exit code 0. Connects again by itself; what was missed meanwhile is printed in its "
     "place, and what can't be is named by a gap. A refused token ends it.",
     "按 Ctrl-C 结束，退出码 0。断线后自动重连；期间错过的会按顺序补上，补不上的用 gap 指明。"
     "token 被拒绝就结束。"},
    {"With --cursors every message is printed at least once over all runs: one that is killed leaves to the "
     "next what it printed within the last second. Without, it begins with what happens from now on.",
     "有 --cursors 时，多次运行合起来，每条消息至少显示一次：被强行终止的那次，最后一秒内显示的会再显示一次。"
     "没有时，从现在开始发生的事件显示起。"},
    {"must be given by --user-id or YUNHU_USER_ID", "必须用 --user-id 或环境变量 YUNHU_USER_ID 给出"},
    {"must be given by --gateway or YUNHU_GATEWAY_URL, as --base-url is",
     "用了 --base-url，就必须用 --gateway 或环境变量 YUNHU_GATEWAY_URL 给出"},

    // say.
    {"Send a text: a short form of send-message --text", "发送一段文本：send-message --text 的简写"},
    {"the words of the text; -: each line of standard input is a message",
     "文本；写 - 就把标准输入的每一行作为一条消息"},
    {"Lines are sent one after the other until one fails; empty ones are not sent. Before a text "
     "that begins with a hyphen, write --.",
     "各行依次发送，直到有一条失败；空行不发送。文本以连字符开头时，在它前面写 --。"},

    // upload, download.
    {"Upload a file for a message, and optionally send it", "上传消息要用的文件，也可以直接发送"},
    {"the file", "文件"},
    {"send it to this chat, as a message of its kind", "发到这个会话，作为对应类型的消息"},
    {"what it is; if absent, by its content", "类型，不写就看内容"},
    {"length of a video or a voice message", "视频或语音的秒数"},
    {"record with which the same command continues an interrupted upload",
     "进度记录；被打断后，再运行同一条命令就接着上传"},
    {"maximum number of bytes per second; if absent, unlimited", "每秒最多多少字节，不写就不限"},
    {"address to connect to in place of a server's own; *: of every server",
     "不用服务器自己的地址，改连这个地址；*：所有服务器"},
    {"Prints the key of the upload, or the id of the message.", "输出上传得到的 key，或消息的 ID。"},
    {"Download the media of a message", "下载消息里的媒体文件"},
    {"a URL of the service, or the key of an upload", "服务的 URL，或上传得到的 key"},
    {"the folder or the file; if absent, this folder", "存到哪个目录或文件，不写就是当前目录"},
    {"what a key is of; if absent, a file", "key 的类型，不写就是 file"},
    {"replace a file of that name", "覆盖同名文件"},
    {"Prints the path. After an interruption the same command continues.",
     "输出文件的路径。被打断后，再运行同一条命令就接着下载。"},
    {"{0} of {1} MB, {2} MB/s", "已传 {0}/{1} MB，{2} MB/s"},
    {"must be NAME=HOST:PORT", "必须是“名字=主机:端口”的形式"},

    {"upload this file and send it; its kind is that of its content, or --content-type",
     "上传这个文件并发送；类型看内容，或由 --content-type 指定"},
    {"must not be given with upload", "不能与 upload 一起给出"},
    {"must be image, file, video or audio for an upload", "上传时必须是 image、file、video 或 audio"},

    // history.
    {"folder into which the media of the messages are downloaded; files that are there are kept",
     "把消息里的媒体文件下载到这个目录；已有的文件不动"},
    {"must be a folder that can be written to", "必须是可以写入的目录"},
    {"yunhu: left out: the media of message {0}", "yunhu：略过：消息 {0} 的媒体文件"},
    {"{0} media files downloaded", "下载了 {0} 个媒体文件"},
    {"List all messages of a chat, optionally into a file", "列出一个会话的所有消息，也可以存入文件"},
    {"output file, one JSON object per line; an existing file is continued; -: standard output",
     "写入的文件，每行一个 JSON 对象；从文件末尾接着写；-：标准输出"},
    {"only messages after this msg_seq", "只要这个 msg_seq 之后的消息"},
    {"maximum number of messages, including those in the file", "最多多少条消息，包括文件里已有的"},
    {"from the oldest to the newest; another run adds the messages that are new since",
     "从最旧到最新；这样写的文件，以后再运行会补上新消息"},
    {"From the newest message to the oldest. Without --jsonl, prints a table on a terminal, otherwise one\n"
     "JSON object per line. After an interruption, even by kill -9, the same command continues the file:\n"
     "no message is missing or duplicated.",
     "从最新的消息到最旧的。不写 --jsonl 时，在终端上显示表格，否则每行一个 JSON 对象。\n"
     "即使被 kill -9 打断，再运行同一条命令就在文件里接着写：不缺消息，也不重复。"},
    {"the file can't be opened", "文件打不开"},
    {"the file can't be read", "文件读不了"},
    {"the file is in use by another yunhu history", "文件正被另一个 yunhu history 使用"},
    {"the file was not written by yunhu history", "文件不是 yunhu history 写的"},
    {"the file can't be locked", "无法锁定文件"},
    {"must be a regular file, or - for standard output", "必须是普通文件，或写 - 表示标准输出"},
    {"yunhu: the file can't be written: {0}", "yunhu：文件写不进去：{0}"},
    {"yunhu: left out: message {0}, which has no msg_seq", "yunhu：略过：消息 {0}，它没有 msg_seq"},
    {"yunhu: left out: {0} other messages without msg_seq", "yunhu：略过：另有 {0} 条消息没有 msg_seq"},
    {"yunhu: left out: {0} messages that can't be read", "yunhu：略过：{0} 条消息读不懂"},
    {"yunhu: left out: {0} records that can't be read", "yunhu：略过：{0} 条记录读不懂"},
    {"the file has messages of another chat", "文件里是另一个会话的消息"},
    {"the file has the other order: use --oldest-first as before",
     "文件的顺序相反：--oldest-first 写或不写要与上次一样"},
    {"{0} messages in the file, {1} of them new", "文件里有 {0} 条消息，其中 {1} 条是新的"},
    {"yunhu: {0} messages are in the file; repeat the command to continue",
     "yunhu：文件里有 {0} 条消息；再运行同一条命令就接着写"},

    // broadcast.
    {"Send one message to many chats, once to each", "把一条消息发到许多会话，每个只发一次"},
    {"file with one conversation per line, e.g. group:big; # begins a comment",
     "文件，每行一个会话，如 group:big；# 后面是注释"},
    {"journal of the messages sent, from which an interrupted run continues", "记录发送情况的文件；被打断后从这里继续"},
    {"stores the messages for the workers of an outbox instead: sqlite:FILE or postgres:URI",
     "改为存进 outbox，由它的 worker 发送：sqlite:文件 或 postgres:URI"},
    {"with --outbox: the name of this broadcast; repeated with it, each chat still gets one message",
     "与 --outbox 一起用：这次群发的名字；用同一个名字再运行，每个会话仍只收到一条"},
    {"with --outbox: name of the account that sends", "与 --outbox 一起用：用哪个账号发送，写它的名字"},
    {"must not be given with --outbox", "不能与 --outbox 一起用"},
    {"is an option of --outbox", "只能与 --outbox 一起用"},
    {"must be given, unless --outbox is", "必须写，除非写了 --outbox"},
    {"must be given with --outbox: the name of this broadcast", "与 --outbox 一起时必须写：这次群发的名字"},
    {"{0} stored, {1} known, {2} conflicts", "新存 {0}，已有 {1}，冲突 {2}"},
    {"maximum number of messages in flight", "最多同时发送多少条"},
    {"maximum number of messages per second; if absent, unlimited", "每秒最多发送多少条，不写就不限"},
    {"resend to conversations that failed in an earlier run", "对以前失败的会话重新发送"},
    {"resend where the outcome is unknown and the message is not found; a chat may receive it twice",
     "对结果未知又查不到的会话重新发送；对方可能收到两次"},
    {"consecutive failures after which the run ends; 0: never", "连续失败多少次就停止，0：不停止"},
    {"Prints every conversation without the message, then the totals. Exit codes: 0 all sent, 6 some unknown,\n"
     "otherwise 3 some refused, otherwise 5 some not sent, 130 stopped by Ctrl-C. No message is sent twice:\n"
     "repeat the command to continue.",
     "列出每个没有送达的会话，最后是统计。退出码：0 全部送达，6 有的结果未知，\n"
     "否则 3 有的被拒绝，否则 5 有的没有发出，130 被 Ctrl-C 停止。不会重复发送：\n"
     "再运行同一条命令就会继续。"},
    {"how long trouble of network, server or account may last until the run ends, in ms",
     "网络、服务器或账号的问题持续多少毫秒就停止"},
    {"yunhu: pauses for {0} s, then goes on", "yunhu：暂停 {0} 秒，然后继续"},
    {"the file has no conversation", "文件里没有会话"},
    {"sent", "已发送"},
    {"failed", "失败"},
    {"unknown", "未知"},
    {"duplicate", "重复"},
    {"{0} sent, {1} failed, {2} unknown, {3} duplicates, {4} left",
     "已发送 {0}，失败 {1}，未知 {2}，重复 {3}，剩余 {4}"},
    {"yunhu: interrupted; repeat the command to continue", "yunhu：没有发完；再运行同一条命令就会继续发送剩下的"},
    {"yunhu: stops; {0} messages are still in flight (Ctrl-C again aborts them)",
     "yunhu：正在停止；还有 {0} 条消息在途中（再按 Ctrl-C 就立即中断）"},
    {"yunhu: messages with an unknown outcome may have arrived; --resend-missing resends those that are not found",
     "yunhu：结果未知的可能已经送达；--resend-missing 会对查不到的重新发送"},

    // outbox.
    {"Store messages, and send them from any number of processes", "存储消息，由任意多个进程发送"},
    {"what to do with the store", "对存储做什么"},
    {"resend: keys or ids of unknown messages", "resend：结果未知的消息的键或 id"},
    {"where the messages are: sqlite:FILE or postgres:URI", "消息存在哪里：sqlite:文件 或 postgres:URI"},
    {"name of the account that sends: of new messages without one, of a worker's",
     "发送账号的名字：没有写账号的新消息用它，worker 也用它"},
    {"init: messages per second of the account, over all workers; 0: unlimited",
     "init：这个账号每秒最多多少条，所有 worker 合计；0：不限"},
    {"init: messages at once under --rate", "init：有 --rate 时一次最多多少条"},
    {"enqueue: file with one message per line; -: standard input", "enqueue：文件，每行一条消息；-：标准输入"},
    {"worker: after so many ms others look for what a dead one left",
     "worker：一个 worker 死后多少毫秒，其他 worker 接管它留下的"},
    {"worker: ends when nothing is left to send", "worker：没有可发的就结束"},
    {"list: only messages in this state", "list：只列出这个状态的消息"},
    {"resend: refuse it so many ms after the last lease", "resend：最后一次租约之后多少毫秒内拒绝"},
    {"A line of enqueue has a key, a chat and the fields of send-message; account, delay_ms and priority "
     "are optional:",
     "enqueue 的每一行有键（key）、会话和 send-message 的字段；account、delay_ms 和 priority 可以不写："},
    {"A key is one message, however often it is stored. No worker sends a message twice, whatever dies: one\n"
     "that may have arrived and is not found is unknown, and is sent again by resend only. A worker ends\n"
     "with SIGTERM, exit code 0. repair: after a backup was restored, before any worker runs.",
     "一个键就是一条消息，存多少次都一样。无论什么进程死掉，worker 都不会重复发送：\n"
     "可能已送达又查不到的，状态是 unknown，只有 resend 才会再发。worker 收到 SIGTERM 就结束，\n"
     "退出码 0。repair：恢复备份之后、运行任何 worker 之前用。"},
    {"is an argument of resend only", "只有 resend 有这个参数"},
    {"must be sqlite:FILE or postgres:URI", "必须是 sqlite:文件 或 postgres:URI"},
    {"line {0}", "第 {0} 行"},
    {"{0} stored, {1} known, {2} conflicts, {3} invalid", "新存 {0}，已有 {1}，冲突 {2}，无效 {3}"},
    {"{0} queued, {1} claimed, {2} sending, {3} sent, {4} failed, {5} unknown",
     "排队 {0}，已领取 {1}，发送中 {2}，已发送 {3}，失败 {4}，未知 {5}"},
    {"{0} sent, {1} failed, {2} unknown, {3} released", "已发送 {0}，失败 {1}，未知 {2}，放回 {3}"},
    {"{0} messages are now unknown, and will be looked up", "{0} 条消息现在是未知，worker 会去查"},
    {"STATE", "状态"},
    {"KEY", "键"},
    {"CHAT", "会话"},
    {"REASON", "原因"},

    // Progress.
    {"{0} left", "还需 {0}"},
    {"{0} of {1}, {2} failed, {3} unknown", "{0}/{1}，失败 {2}，未知 {3}"},

    // completion.
    {"Print the completion script for a shell", "输出脚本，让 shell 能补全 yunhu 命令"},
    {"bash or zsh", "bash 或 zsh"},
    {"Permanently, in ~/.bashrc or in ~/.zshrc after compinit:",
     "长期使用，写在 ~/.bashrc 里，或 ~/.zshrc 里 compinit 之后："},
    {"completion: the shells are bash and zsh", "completion：支持的 shell 是 bash 和 zsh"},

    // Tables and other results.
    {"ID", "编号"},
    {"TIME", "时间"},
    {"KIND", "类型"},
    {"CONTENT", "内容"},
    {"SEQ", "序号"},
    {"MESSAGE ID", "消息 ID"},
    {"FROM", "发送者"},
    {"MESSAGE", "消息"},
    {" (edited)", "（已编辑）"},
    {" (recalled)", "（已撤回）"},
    {"{0} of {1} records", "{0} 条记录，共 {1} 条"},
    {"{0} messages", "{0} 条消息"},
    {"; the ids need {0} columns, or --json", "；消息 ID 要 {0} 列宽的终端才显示，或用 --json"},
    {"sent {0}", "已发送 {0}"},
    {"done", "完成"},

    // Errors of a command line.
    {"Run with --help for more information.", "用 --help 查看说明。"},
    {"unknown arguments:", "无法识别："},
    {"(a value)", "（一个值）"},
    {"a subcommand is missing", "缺少子命令"},
    {"unknown subcommand", "没有这个子命令"},
    {"unknown subcommand {0}; did you mean {1}?", "没有子命令 {0}；是不是 {1}？"},
    {"an argument is missing or invalid", "缺少参数，或参数无法识别"},
    {"{0} is missing", "缺少 {0}"},
    {"{0}: given more than once, or without a value", "{0}：重复了，或者没有值"},
    {"{0}: invalid; must be {1}", "{0}：无法识别，它的值是 {1}"},
    {"must be given by --token or YUNHU_TOKEN", "必须用 --token 或环境变量 YUNHU_TOKEN 给出"},

    // Errors of a field, also the library's.
    {"is out of range", "超出范围"},
    {"must be an integer", "必须是整数"},
    {"must be a string", "必须是字符串"},
    {"must be an object", "必须是对象"},
    {"must be one of {0} or a number, not {1}", "必须是 {0} 或数字，不能是 {1}"},
    {"must be one of {0} or a number", "必须是 {0} 或数字"},
    {"must be TYPE:ID, e.g. group:big", "必须是“类型:ID”的形式，如 group:big"},
    {"must not be given twice", "不能写两次"},
    {"is not a field of this call", "不是这个调用的字段"},
    {"must be JSON", "必须是 JSON"},
    {"must be a JSON object", "必须是 JSON 对象"},
    {"must be the name of an endpoint", "必须是接口的名字"},
    {"is not an endpoint", "没有这个接口"},
    {"must not be empty", "不能为空"},
    {"must be > 0", "必须大于 0"},
    {"one of earlier_count and later_count must be > 0", "earlier_count 和 later_count 至少有一个必须大于 0"},
    {"must be UTF-8", "必须是 UTF-8"},
    {"must not contain control characters", "不能含有控制字符"},
    {"must not contain invisible characters: {0}", "不能含有看不见的字符：{0}"},
    {"must not contain a lone surrogate", "不能含有单独的代理项（surrogate）"},
    {"must be UTF-8; it is UTF-16 or binary", "必须是 UTF-8，而它是 UTF-16 或二进制数据"},
    {"can't be read: {0}", "读不了：{0}"},
    {"must not be given with text_file", "不能与 text_file 一起给出"},

    // How a call failed.
    {"{0} ({1})", "{0}（{1}）"},
    {": {0}", "：{0}"},
    {"; {0}", "；{0}"},
    {", phase {0}", "，阶段 {0}"},
    {", attempts {0}", "，尝试 {0} 次"},
    {", HTTP {0}", "，HTTP {0}"},
    {", API code {0}", "，API 代码 {0}"},
    {", msg_id {0}", "，msg_id {0}"},
    {", cause {0}", "，原因 {0}"},
    {"it was not sent", "没有发出"},
    {"it may have arrived", "可能已经送达"},
    {"the server responded", "服务器有响应"},
    {"the server says: {0}", "服务器说：{0}"},
    {"it may have taken effect; look for {0} before repeating it", "它可能已经生效；重做之前请先查找 {0}"},

    // The library's error codes.
    {"the request is not valid", "请求无效"},
    {"too many calls wait for a connection", "等待连接的调用太多"},
    {"the server could not be reached many times in a row", "连续多次连不上服务器"},
    {"the client is closed", "客户端已关闭"},
    {"timed out", "超时"},
    {"the host name could not be resolved", "无法解析主机名"},
    {"no address accepted a connection", "所有地址都连不上"},
    {"the proxy did not connect to the server", "代理没有连上服务器"},
    {"the proxy does not accept the credentials", "代理不接受用户名或密码"},
    {"the TLS handshake failed", "TLS 握手失败"},
    {"the server's certificate was rejected", "服务器的证书不被接受"},
    {"the connection ended before a response began", "响应开始之前连接就断了"},
    {"the connection ended in the middle of a response", "响应没有收完连接就断了"},
    {"the response is not valid HTTP", "响应不是有效的 HTTP"},
    {"the response's header section is too large", "响应的头部太大"},
    {"the response's body is too large", "响应的正文太大"},
    {"it may have been sent; there is no response", "可能已经发出，但没有响应"},
    {"not authenticated", "未登录"},
    {"the server calls the request malformed", "服务器认为请求格式不对"},
    {"the server asks to slow down", "服务器要求慢一些"},
    {"the server failed", "服务器出错"},
    {"unexpected HTTP status", "意外的 HTTP 状态"},
    {"the API refused the request", "API 拒绝了请求"},
    {"the response is empty", "响应是空的"},
    {"the response can't be read", "无法读懂响应"},
    {"the list may lack records", "列表可能不完整"},
};

/// The entry of that text. Only for texts that are there: a constant expression with another does not compile.
constexpr const catalogue_entry& find_entry(std::string_view english) {
    for (const catalogue_entry& entry : catalogue) {
        if (entry.english == english) {
            return entry;
        }
    }
    throw std::logic_error("the catalogue does not have this text");
}

} // namespace cli
