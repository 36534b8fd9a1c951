// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdexcept>
#include <string_view>

// All that the program says to people, in English and in Chinese. Compiled in: an English text without a Chinese one
// does not compile, and nothing has to be installed for Chinese to work, as gettext's .mo files would have to be.
namespace cli {

struct catalogue_entry {
    std::string_view english;
    std::string_view chinese;
};

inline constexpr catalogue_entry catalogue[] = {
    {"", ""},

    // The program, and what its help says around options.
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
    {"What all subcommands take: yunhu --help", "所有子命令共有的选项：yunhu --help"},
    {"Exit codes: 0 fine, 2 usage (nothing was sent), 3 refused by the API or an answer that is no success,\n"
     "4 not authenticated, 5 transport (not sent; a list may be asked again), 6 outcome unknown (it may have acted),\n"
     "130 interrupted.",
     "退出码：0 成功，2 用法错误（什么都没有发送），3 被 API 拒绝或回答不是成功，\n"
     "4 未登录，5 传输失败（没有发出；列表可以再查一次），6 结果未知（可能已经生效），\n"
     "130 被中断。"},

    // Options that all subcommands take.
    {"One JSON object on standard output, also for errors", "在标准输出上给出一个 JSON 对象，出错时也是"},
    {"Where the API is", "API 的地址"},
    {"Trusted CAs (PEM) instead of the system's", "受信任的 CA（PEM 文件），代替系统自带的"},
    {"The account's token; the variable hides it from others on this machine",
     "账号的 token；用环境变量，本机的其他用户就看不到它"},
    {"Let --base-url be http:// to this machine", "允许 --base-url 用 http:// 访问本机"},
    {"Most that a call may take in all, in ms", "一次调用总共最多用多少毫秒"},
    {"Most attempts of a call, the first included", "一次调用最多尝试几次，包括第一次"},
    {"Most connections at once", "最多同时有几个连接"},

    // Subcommands.
    {"Send a message", "发送消息"},
    {"Replace the content of a message", "编辑消息：替换它的内容"},
    {"List what is new since a sequence number", "列出某个序号之后的新消息"},
    {"List the messages before one, or the newest", "列出某条消息之前的消息，或最新的消息"},
    {"List messages around one, or look one up by its id", "列出某条消息附近的消息，或按 id 查一条消息"},
    {"List the earlier versions of a message", "列出一条消息编辑前的各个版本"},
    {"Report that a button was pressed", "上报按钮被点击"},
    {"Recall a message for everybody", "撤回消息，所有人都看不到"},
    {"Recall messages of one conversation for everybody", "批量撤回一个会话里的消息"},
    {"Record that a file was downloaded", "记录文件已下载"},
    {"Forward a message", "转发消息"},
    {"List the picture messages around one", "列出某条图片消息附近的图片消息"},
    {"Remove a message from one's own view", "删除消息，只对自己生效"},

    // Content.
    {"body of a text, markdown or html message", "文本、markdown 或 html 消息的正文"},
    {"buttons, as JSON: rows of {text, actionType, value, url}", "按钮，JSON：若干行 {text, actionType, value, url}"},
    {"image by its URL", "图片的网址"},
    {"name of the file", "文件名"},
    {"key of the file", "文件的 key"},
    {"user to mention; may be repeated", "要 @ 的用户，可以重复"},
    {"form, as a JSON object keyed by control id", "表单，JSON 对象，键是控件 id"},
    {"text of the quoted message, as `name: text`", "被引用消息的文字，写作“名字: 文字”"},
    {"key of the image or sticker", "图片或表情的 key"},
    {"article: its id", "文章：id"},
    {"article: its title", "文章：标题"},
    {"article: its text", "文章：正文"},
    {"article: 1 text, 2 markdown", "文章：1 文本，2 markdown"},
    {"personal sticker", "个人表情"},
    {"image of the quoted message", "被引用消息的图片"},
    {"file name of that image", "该图片的文件名"},
    {"size of the file in bytes", "文件大小，字节"},
    {"key of the video", "视频的 key"},
    {"length of the video in seconds", "视频时长，秒"},
    {"key of the audio file", "语音文件的 key"},
    {"length of the audio in seconds", "语音时长，秒"},
    {"video of the quoted message", "被引用消息的视频"},
    {"length of that video in seconds", "该视频的时长，秒"},
    {"sticker of a pack", "表情包里的表情"},
    {"pack of that sticker", "该表情所在的表情包"},
    {"text of a voice room", "语音房间的文字"},
    {"text of a voice call", "语音通话的文字"},
    {"width in pixels", "宽，像素"},
    {"height in pixels", "高，像素"},
    {"parameters of a bot's language model", "机器人语言模型的参数"},
    {"system tip", "系统提示"},
    {"upload: its key", "上传的文件：key"},
    {"upload: its hash", "上传的文件：哈希"},
    {"upload: its MIME type", "上传的文件：MIME 类型"},
    {"upload: height in pixels", "上传的文件：高，像素"},
    {"upload: width in pixels", "上传的文件：宽，像素"},
    {"upload: size in bytes", "上传的文件：大小，字节"},
    {"upload: its key again", "上传的文件：再写一次 key"},
    {"upload: its suffix, e.g. jpg", "上传的文件：后缀，如 jpg"},

    // Fields of the calls.
    {"the conversation: user, group, bot or a number, then its id", "会话：user、group、bot 或数字，后面是它的 id"},
    {"the message", "消息"},
    {"id of the message; when sending, generated if absent", "消息 id；发送时不写就自动生成"},
    {"kind of the message; text if absent", "消息类型，不写就是 text"},
    {"the message to quote", "要引用的消息"},
    {"the bot command to use", "要使用的机器人指令"},
    {"lists what is newer than this msg_seq; 0 (if absent): the newest", "列出比这个 msg_seq 新的；0（不写）：最新的"},
    {"how many; 20 if absent", "多少条，不写就是 20"},
    {"lists what is older than this message; the newest if absent", "列出比这条消息旧的；不写：最新的"},
    {"the message by its sequence number; -1: by its msg_id, also if absent",
     "按序号找消息；-1（不写也是）：按 msg_id 找"},
    {"how many besides that one; 1 if absent", "除了它还要多少条，不写就是 1"},
    {"the API does not say what it means", "API 没有说明含义"},
    {"records a page; 20 if absent", "每页多少条，不写就是 20"},
    {"which page; 1 if absent", "第几页，不写就是 1"},
    {"who pressed the button", "谁点了按钮"},
    {"the button's value", "按钮的值"},
    {"a message; to be repeated", "消息，可以重复"},
    {"where the file was saved", "文件保存在哪里"},
    {"kind of the chat that the message is in", "消息所在会话的类型"},
    {"a conversation to forward to; may be repeated", "转发到哪个会话，可以重复"},
    {"msg_seq of a picture message", "一条图片消息的 msg_seq"},
    {"how many earlier ones; 10 if absent", "更早的要多少条，不写就是 10"},
    {"how many later ones; 0 if absent", "更晚的要多少条，不写就是 0"},

    // batch.
    {"Run many calls over one pool: one JSON object a line on stdin",
     "用一个连接池做许多调用：标准输入每行一个 JSON 对象"},
    {"Calls on their way at once; 1: strictly in order", "最多同时进行多少个调用；1：严格按顺序"},
    {"A line names a call and its fields as the API does, with an optional tag, wait_ms and deadline_ms:",
     "每行写出调用的名字和它的字段，名字与 API 相同；还可以有 tag、wait_ms 和 deadline_ms："},
    {"One line comes out for each as it completes, {\"tag\",\"ok\":true,\"result\"} or\n"
     "{\"tag\",\"ok\":false,\"error\"}. Exit code 0 when every line was processed.",
     "每个调用结束时输出一行，{\"tag\",\"ok\":true,\"result\"} 或\n"
     "{\"tag\",\"ok\":false,\"error\"}。每一行都处理过，退出码就是 0。"},

    // tail.
    {"Follow a chat: print its new messages as they come", "跟踪一个会话：新消息一来就显示"},
    {"begin after this msg_seq; if absent, with the newest messages",
     "从这个 msg_seq 之后开始；不写就从最新的消息开始"},
    {"how many of the newest messages to begin with", "开始时显示最新的多少条消息"},
    {"pause between two looks, in ms", "两次查询之间停多少毫秒"},
    {"one JSON object a line, the same as --json", "每行一个 JSON 对象，与 --json 相同"},
    {"Ends with Ctrl-C, exit code 0. While the server can't be reached it goes on trying. Edits and\n"
     "recalls of messages that were printed are not shown.",
     "按 Ctrl-C 结束，退出码 0。连不上服务器时会一直重试。已经显示过的消息，\n"
     "之后被编辑或撤回不会再显示。"},
    {"yunhu: goes on trying", "yunhu：继续重试"},

    // history.
    {"Walk over all messages of a chat, into a file too", "遍历一个会话的所有消息，也可以存入文件"},
    {"the file to write to, one JSON object a line; goes on where it ends",
     "写入的文件，每行一个 JSON 对象；从文件末尾接着写"},
    {"only messages after this msg_seq", "只要这个 msg_seq 之后的消息"},
    {"at most so many messages, with those that are in the file already", "最多多少条消息，包括文件里已有的"},
    {"from the oldest to the newest; a file made so takes in later messages when it is run again",
     "从最旧到最新；这样写的文件，以后再运行会补上新消息"},
    {"From the newest message to the oldest. Without --jsonl it prints a table on a terminal, else one\n"
     "JSON object a line. Broken off, even by kill -9, the same command again goes on in the file: no\n"
     "message is missing, none is there twice.",
     "从最新的消息到最旧的。不写 --jsonl 时，在终端上显示表格，否则每行一个 JSON 对象。\n"
     "即使被 kill -9 打断，再运行同一条命令就在文件里接着写：不缺消息，也不重复。"},
    {"the file can't be opened", "文件打不开"},
    {"the file can't be read", "文件读不了"},
    {"the file is in use by another yunhu history", "文件正被另一个 yunhu history 使用"},
    {"the file is none that yunhu history wrote", "文件不是 yunhu history 写的"},
    {"the file has messages of another chat", "文件里是另一个会话的消息"},
    {"the file has the other order: give or leave out --oldest-first as before",
     "文件的顺序相反：--oldest-first 写或不写要与上次一样"},
    {"{0} messages in the file, {1} of them new", "文件里有 {0} 条消息，其中 {1} 条是新的"},
    {"yunhu: {0} messages are in the file; the same command again goes on after them",
     "yunhu：文件里有 {0} 条消息；再运行同一条命令就接着写"},

    // broadcast.
    {"Send one message to many chats, each once", "把一条消息发到许多会话，每个只发一次"},
    {"a file with one conversation a line, e.g. group:big; # begins a comment",
     "文件，每行一个会话，如 group:big；# 后面是注释"},
    {"the file that keeps what was sent; a run that was broken off goes on from it",
     "记录发送情况的文件；被打断后从这里继续"},
    {"messages under way at once", "最多同时发送多少条"},
    {"at most so many messages a second; if absent, without a limit", "每秒最多发送多少条，不写就不限"},
    {"sends again to conversations that failed in an earlier run", "对以前失败的会话重新发送"},
    {"sends again to unknown ones that are not found; they may get it twice",
     "对结果未知又查不到的会话重新发送；对方可能收到两次"},
    {"ends after so many failures in a row; 0: never", "连续失败多少次就停止，0：不停止"},
    {"Prints every conversation that was not reached, then the numbers. Exit codes: 0 all were reached, 6 some\n"
     "are unknown, else 3 some were refused, else 5 some were not sent, 130 stopped by Ctrl-C. Nothing is\n"
     "sent twice: run the same command again to go on.",
     "列出每个没有送达的会话，最后是统计。退出码：0 全部送达，6 有的结果未知，\n"
     "否则 3 有的被拒绝，否则 5 有的没有发出，130 被 Ctrl-C 停止。不会重复发送：\n"
     "再运行同一条命令就会继续。"},
    {"the file names no conversation", "文件里没有会话"},
    {"sent", "已发送"},
    {"failed", "失败"},
    {"unknown", "未知"},
    {"duplicate", "重复"},
    {"{0} sent, {1} failed, {2} unknown, {3} duplicates, {4} left",
     "已发送 {0}，失败 {1}，未知 {2}，重复 {3}，剩余 {4}"},
    {"yunhu: broken off; the same command again goes on with what is left",
     "yunhu：没有发完；再运行同一条命令就会继续发送剩下的"},
    {"yunhu: stops; {0} messages are still under way (Ctrl-C again cuts them off)",
     "yunhu：正在停止；还有 {0} 条消息在途中（再按 Ctrl-C 就立即中断）"},
    {"yunhu: the unknown ones may have arrived; --resend-missing sends again to those that are not found",
     "yunhu：结果未知的可能已经送达；--resend-missing 会对查不到的重新发送"},

    // Progress.
    {"{0} left", "还需 {0}"},
    {"{0} of {1}, {2} failed, {3} unknown", "{0}/{1}，失败 {2}，未知 {3}"},

    // completion.
    {"Print a script that completes yunhu in a shell", "输出脚本，让 shell 能补全 yunhu 命令"},
    {"bash or zsh", "bash 或 zsh"},
    {"For good, in ~/.bashrc or in ~/.zshrc after compinit:",
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
    {"sent {0}", "已发送 {0}"},
    {"done", "完成"},

    // What is wrong with a command line.
    {"Run with --help for more information.", "用 --help 查看说明。"},
    {"not understood:", "无法识别："},
    {"(a value)", "（一个值）"},
    {"a subcommand is missing", "缺少子命令"},
    {"an argument is missing or can't be understood", "缺少参数，或参数无法识别"},
    {"{0} is missing", "缺少 {0}"},
    {"{0}: given too often, or without a value", "{0}：重复了，或者没有值"},
    {"{0}: can't be understood; it takes {1}", "{0}：无法识别，它的值是 {1}"},
    {"none; give --token or set YUNHU_TOKEN", "没有；请用 --token 或环境变量 YUNHU_TOKEN 给出"},

    // What is wrong with a field. The library's own words for it are here too.
    {"is out of range", "超出范围"},
    {"is not a whole number", "不是整数"},
    {"is not a text", "不是文本"},
    {"is not an object", "不是对象"},
    {"is no known name and no number", "不是已知的名字，也不是数字"},
    {"is not TYPE:ID, e.g. group:big", "不是“类型:ID”的形式，如 group:big"},
    {"is given twice", "写了两次"},
    {"is no field of this call", "不是这个调用的字段"},
    {"is not JSON", "不是 JSON"},
    {"is not a JSON object", "不是 JSON 对象"},
    {"is missing: the name of an endpoint", "缺少：接口的名字"},
    {"is no endpoint", "没有这个接口"},
    {"is empty", "是空的"},
    {"is 0", "是 0"},
    {"is not UTF-8", "不是 UTF-8"},
    {"has a control character", "含有控制字符"},
    {"is a list of nothing", "是空列表"},

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
    {"the server answered", "服务器有回答"},
    {"the server says: {0}", "服务器说：{0}"},
    {"it may have acted; look for {0} before doing it again", "它可能已经生效；重做之前请先查找 {0}"},

    // The library's error codes.
    {"the request is not valid", "请求无效"},
    {"too many calls wait for a connection", "等待连接的调用太多"},
    {"the server could not be reached many times in a row", "连续多次连不上服务器"},
    {"the client is closed", "客户端已关闭"},
    {"timed out", "超时"},
    {"the host name could not be resolved", "无法解析主机名"},
    {"no address accepted a connection", "所有地址都连不上"},
    {"the TLS handshake failed", "TLS 握手失败"},
    {"the server's certificate was rejected", "服务器的证书不被接受"},
    {"the connection ended before an answer began", "还没有回答，连接就断了"},
    {"the connection ended in the middle of an answer", "回答到一半，连接断了"},
    {"the answer is not acceptable HTTP", "回答不是可以接受的 HTTP"},
    {"the answer's head is too large", "回答的头部太大"},
    {"the answer's body is too large", "回答的正文太大"},
    {"it may have been sent and was not answered", "可能已经发出，但没有得到回答"},
    {"not authenticated", "未登录"},
    {"the server calls the request malformed", "服务器认为请求格式不对"},
    {"the server asks to slow down", "服务器要求慢一些"},
    {"the server failed", "服务器出错"},
    {"unexpected HTTP status", "意外的 HTTP 状态"},
    {"the API refused the request", "API 拒绝了请求"},
    {"the answer is empty", "回答是空的"},
    {"the answer can't be read", "无法读懂回答"},
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
