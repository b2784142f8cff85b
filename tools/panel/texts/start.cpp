#include "tools/panel/texts/texts.h"

namespace vitrine::panel::texts {
namespace {

constexpr Text catalogue[] = {
    // Start
    {"start.title", "Good day", "您好"},
    {"start.what", "Open a show, or try the demo. Nobody sees anything before you go live.",
     "打开一个节目，或试用演示。开播前没有人能看到画面。"},
    {"start.recent", "Recent shows", "最近的节目"},
    {"start.no_recent", "Shows you open appear here.", "打开过的节目会显示在这里。"},
    {"start.other", "Other ways", "其他方式"},
    {"start.demo", "Open the demo", "打开演示"},
    {"start.demo.what", "Simulated cameras, two products, nothing to plug in.", "模拟摄像机和两个产品，无需连接任何设备。"},
    {"start.folder", "Folder of a show", "节目文件夹"},
    {"start.open", "Open", "打开"},
    {"start.no_folder", "Type the folder of a show first.", "请先输入节目文件夹。"},
    {"start.starting", "Starting the show", "正在启动节目"},
    {"start.starting.what", "Cameras and sound are opened. This takes a few seconds.", "正在打开摄像机和声音，需要几秒钟。"},
    {"start.failed", "The show did not start: {n}", "节目未能启动：{n}"},
    {"start.port_taken",
     "The show did not start: another program or show uses its port {n}. End that one and open it again, or let it take another port: "
     "links "
     "sent out before will not open then.",
     "节目未能启动：端口 {n} 已被其他程序或节目占用。请结束它后重新打开，或改用其他端口（之前发出的链接将无法打开）。"},
    {"start.other_port", "Take another port", "改用其他端口"},
    {"help.start.other_port", "Starts the show at a free port and keeps to it from now on. Send new links.",
     "使用空闲端口启动节目，今后保持不变。请重新发送链接。"},
    {"start.problems", "To be mended in the show's folder: {n}", "节目文件夹中需要改正：{n} 处"},
    {"start.problems.what", "Nothing was started. Mend these in {n}, save, then try again.",
     "未启动任何内容。请在 {n} 中改正并保存，然后重试。"},
    {"start.problems.line", "line {n}", "第 {n} 行"},
    {"start.problems.again", "Try again", "重试"},
    {"start.problems.close", "Back", "返回"},
    {"help.start.problems.again", "Reads the folder again and starts the show when it is in order.", "重新读取文件夹，无误后启动节目。"},
    {"help.start.problems.close", "Back to the start screen.", "返回开始界面。"},
    {"help.start.recent", "Opens this show.", "打开此节目。"},
    {"help.start.demo", "Starts the demo show on this computer.", "在本机启动演示节目。"},
    {"help.start.folder", "The folder with show.toml in it.", "包含 show.toml 的文件夹。"},
    {"help.start.open", "Opens the show in this folder.", "打开该文件夹中的节目。"},

    // Pre-flight
    {"preflight.looking", "Looking at everything …", "正在检查……"},
    {"preflight.good", "All well: ready to go live", "一切正常，可以开播"},
    {"preflight.found", "To be seen to: {n}", "需要处理：{n} 项"},
    {"preflight.again", "Look again", "重新检查"},
    {"help.preflight.again", "Looks at everything once more.", "重新检查所有项目。"},
    {"overlay.close", "Close", "关闭"},
    {"help.close", "Back to the show.", "返回节目。"},

    // Keys
    {"keys.title", "Keys", "按键一览"},
    {"keys.program", "Program", "播出"},
    {"keys.show", "Show", "节目"},
    {"keys.panel", "Panel", "面板"},
    {"keys.focus", "Without a mouse", "不用鼠标"},
    {"key.scene", "scene to the preview", "场景到预监"},
    {"key.cut", "cut", "硬切"},
    {"key.fade", "fade", "渐变"},
    {"key.safe", "safe picture, and back", "安全画面及恢复"},
    {"key.mute", "mute, and back", "静音及恢复"},
    {"key.go_live", "go live, twice", "开播，按两次"},
    {"key.pause", "pause, resume", "暂停、继续"},
    {"key.next", "next product", "下一个产品"},
    {"key.previous", "product before", "上一个产品"},
    {"key.card", "price card", "价格卡"},
    {"key.chapter", "chapter", "打章节"},
    {"key.record", "record", "录制"},
    {"key.pages", "the pages on the left", "左侧各页"},
    {"key.help", "guide and help", "指南与帮助"},
    {"key.explain", "what is this?", "这是什么？"},
    {"key.keys", "this page", "本页"},
    {"key.language", "中文, English", "English、中文"},
    {"key.theme", "dark, light", "深色、浅色"},
    {"key.arrows", "move the focus", "移动焦点"},
    {"key.press", "press what has the focus", "按下当前焦点"},
    {"key.escape", "leave, cancel a drag", "退出、取消拖动"},

    // Help
    {"help.title", "Learn", "学习"},
    {"help.keys", "All keys", "按键一览"},
    {"help.explain_word", "What is this?", "这是什么？"},
    {"help.help.keys", "Every key on one page.", "在一页中查看所有按键。"},
    {"guide.contents", "User guide", "使用指南"},
    {"guide.none", "The user guide is not installed.", "未安装使用指南。"},
    {"help.guide.chapter", "Opens this chapter.", "打开此章节。"},
};

}  // namespace

std::span<const Text> start() { return catalogue; }

}  // namespace vitrine::panel::texts
