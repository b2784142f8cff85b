#include "tools/panel/texts/texts.h"

namespace vitrine::panel::texts {
namespace {

constexpr Text catalogue[] = {
    // Top bar
    {"session.idle", "NOT PREPARED", "未准备"},
    {"session.ready", "READY", "已就绪"},
    {"session.live", "LIVE", "直播中"},
    {"session.paused", "PAUSED", "已暂停"},
    {"session.ended", "ENDED", "已结束"},
    {"bar.buyers.one", "1 buyer", "1 位买家"},
    {"bar.buyers", "{n} buyers", "{n} 位买家"},
    {"bar.copy", "Buyer link", "买家链接"},
    {"bar.copied", "Copied", "已复制"},
    {"bar.language", "中文", "English"},
    {"bar.light", "Light", "浅色"},
    {"bar.dark", "Dark", "深色"},
    {"bar.close_show", "Close show", "关闭节目"},
    {"confirm.close_show", "Again: close it", "再按一次关闭"},
    {"help.close_show", "Ends the show's program and goes back to the start screen. Recordings, questions and requests stay in its folder.",
     "结束节目程序并回到开始页面。录像、提问和询价保留在节目文件夹中。"},
    {"close.none", "The show's program does not run on this computer. End it where it was started.",
     "节目程序不在本机运行，请在启动它的电脑上结束。"},
    {"move.prepare", "Prepare", "准备"},
    {"move.go_live", "Go live", "开播"},
    {"move.pause", "Pause", "暂停"},
    {"move.resume", "Resume", "继续直播"},
    {"move.end", "End", "结束"},
    {"confirm.go_live", "Again: go live", "再按一次开播"},
    {"confirm.end", "Again: end it", "再按一次结束"},
    {"help.prepare", "Gets the show ready: outputs start, no buyer sees anything yet.", "让节目就绪：输出启动，买家还看不到画面。"},
    {"help.go_live", "Buyers see and hear the program from now on. Press twice within four seconds.",
     "从此刻起买家能看到画面、听到声音。四秒内按两次生效。"},
    {"help.pause", "Buyers keep their place and see that the show is paused. Recording goes on.",
     "买家保持连接，并看到节目已暂停。录制继续。"},
    {"help.resume", "Buyers see and hear the program again.", "买家重新看到画面、听到声音。"},
    {"help.end", "Ends the show for every buyer and closes the recordings. Press twice within four seconds.",
     "对所有买家结束节目并关闭录制文件。四秒内按两次生效。"},
    {"help.copy", "Copies the link that lets a buyer in. Send it by mail or chat.", "复制买家进入节目的链接，可通过邮件或聊天发送。"},
    {"help.language", "Shows this panel in Chinese. What buyers read does not change.", "用英文显示本面板。买家看到的文字不变。"},
    {"help.theme", "Switches this panel between dark and light.", "在深色与浅色界面之间切换。"},

    // Pictures
    {"pane.preview", "PREVIEW", "预监"},
    {"pane.program", "PROGRAM", "主输出"},
    {"picture.none", "No picture yet", "暂无画面"},
    {"picture.none.why", "Pictures come when the show sends previews. It goes on air without them all the same.",
     "节目发送预览后即显示画面。没有预览也不影响播出。"},
    {"picture.still", "The preview stands still", "预览画面停滞"},
    {"take.cut", "Cut", "硬切"},
    {"help.cut", "Puts the preview on air at once. What was on air becomes the preview.", "立即将预监画面切到主输出，原主输出变为预监。"},
    {"why.same_scene", "This scene is on air already. Choose another one below.", "该场景已在主输出，请在下方选择其他场景。"},
    {"help.scene", "Takes this scene to the preview. Buyers see it after Cut or Fade.", "把该场景放到预监。硬切或渐变后买家才会看到。"},
    {"scene.on_air", "on air", "播出中"},
    {"scene.on_program", "on program", "主输出"},
    {"scene.next", "next", "预监"},
    {"scene.camera_trouble", "A camera of this scene is not well: {name}.", "该场景有摄像机异常：{name}。"},

    // Sound
    {"sound.title", "Sound", "声音"},
    {"sound.mute", "Mute", "静音"},
    {"sound.unmute", "Unmute", "取消静音"},
    {"sound.muted", "Buyers hear nothing", "买家听不到声音"},
    {"sound.quiet", "Silence: is the microphone on?", "没有声音：麦克风开了吗？"},
    {"sound.loud", "Too loud: step back or turn it down", "音量过大：请后退或调低"},
    {"sound.good", "Good level", "音量合适"},
    {"help.mute", "Buyers hear nothing until you press it again. The picture goes on.", "再次按下之前买家听不到声音，画面继续。"},
    {"help.unmute", "Buyers hear the program again.", "买家重新听到声音。"},
    {"help.meter", "Loudest moment of the last tenth of a second. Speech is good between -20 and -6 dB.",
     "最近十分之一秒的峰值。讲话在 -20 至 -6 dB 之间为宜。"},

    // Cameras
    {"cameras.none", "This show has no cameras.", "本节目没有摄像机。"},
    {"camera.live", "Good picture", "画面正常"},
    {"camera.connecting", "Connecting. Wait a moment.", "正在连接，请稍候。"},
    {"camera.frozen", "The picture stands still; reconnecting. Check its cable and power.", "画面停滞，正在重连。请检查线缆和电源。"},
    {"camera.lost", "No signal; trying again by itself. Check its cable and power.", "无信号，正在自动重试。请检查线缆和电源。"},
    {"camera.mask_failed", "Held back: its privacy mask cannot be applied. Choose another scene.",
     "已停用：隐私遮挡无法生效。请选择其他场景。"},
    {"camera.unknown", "Not heard from yet.", "尚无状态。"},
    {"camera.lost_frames", "{n} lost", "丢 {n} 帧"},

    // Products
    {"products.none", "This show has no products. Add files to its products folder.", "本节目没有产品。请在 products 文件夹中添加文件。"},
    {"product.pin", "Pin", "置顶"},
    {"product.unpin", "Unpin", "取消置顶"},
    {"product.from", "from {n}", "{n} 起"},
    {"help.pin", "Buyers see this product's card and callouts.", "买家看到该产品的卡片和标注。"},
    {"help.unpin", "Takes this product off the picture.", "将该产品从画面上撤下。"},
    {"on_product.title", "On the product", "产品画面元素"},
    {"on_product.card", "Price card", "价格卡"},
    {"on_product.no_callouts", "This product has no callouts.", "该产品没有标注。"},
    {"help.card", "Shows or hides the card with name, data and prices.", "显示或隐藏带名称、参数和价格的卡片。"},
    {"help.callout", "Shows or hides this label on the product.", "显示或隐藏产品上的这条标注。"},

    // Outputs
    {"outputs.title", "Outputs", "输出"},
    {"output.webrtc.one", "1 browser", "1 个浏览器"},
    {"output.webrtc", "{n} browsers", "{n} 个浏览器"},
    {"output.recording", "Recording: {n}", "录制：{n}"},
    {"output.encoder", "Encoder: {n}", "编码器：{n}"},
    {"output.other", "Output: {n}", "输出：{n}"},
    {"output.good", "no frame lost", "未丢帧"},
    {"output.lost", "{n} frames lost", "丢 {n} 帧"},
    {"output.nobody", "Nobody is watching yet", "尚无人观看"},
    {"output.mbit", "{n} Mbit/s", "{n} Mbit/s"},
    {"output.delay", "delay {n}", "延迟 {n}"},
    {"output.megabyte", "{n} MB", "{n} MB"},

    // Chapters and log
    {"log.none", "Nothing to report.", "一切正常。"},
    {"log.chapter", "Chapter {n}", "章节 {n}"},
    {"chapter.mark", "Chapter", "打章节"},
    {"help.chapter", "Marks a chapter here, named after the pinned product or the scene. Recordings and buyers can jump to it.",
     "在此处打章节点，以置顶产品或场景命名。录像和买家可跳转到此处。"},
    {"why.not_live", "Works while the show is live or paused.", "仅在直播或暂停时可用。"},
    {"why.no_link", "The show does not answer. It goes on without this panel.", "节目没有应答。节目本身不受面板影响。"},

    // Link
    {"link.connecting", "Connecting to the show", "正在连接节目"},
    {"link.connecting.what", "Looking at {n}. This takes a second; when it does not, see that the show is running.",
     "正在查看 {n}。通常一秒即可；否则请确认节目正在运行。"},
    {"link.lost", "The show has stopped answering; trying again.", "节目停止应答，正在重试。"},
    {"link.lost.what", "For {n} s now. What you see is from before. It attaches by itself when the show is back.",
     "已 {n} 秒。当前显示的是之前的内容。节目恢复后会自动连接。"},
    {"link.refused", "The show refuses this panel.", "节目拒绝了此面板。"},
    {"link.refused.what", "Its access token is not valid for this show. Close this window and open the panel again with: vitrine panel",
     "访问令牌对该节目无效。请关闭此窗口，并用以下命令重新打开面板：vitrine panel"},
    {"link.back", "Attached to the show again.", "已重新连接节目。"},
    {"refused", "The show refused this: {n}", "节目拒绝了该操作：{n}"},

    {"take.fade", "Fade {n} s", "渐变 {n} 秒"},
    {"help.fade", "Blends from what is on air to the preview. How long it takes is chosen in the settings.",
     "从主输出渐变到预监画面，时长可在“设置”中选择。"},
    {"outputs.none", "Nobody is watching and nothing is sent.", "无人观看，也没有输出。"},
    {"log.title", "What happened", "事件记录"},
    {"cameras.title", "Cameras", "摄像机"},
    {"on_product.none", "Pin a product to show its card, callouts and model.", "置顶一个产品，即可显示卡片、标注和模型。"},

    // Bar
    {"bar.preflight", "Pre-flight", "开播检查"},
    {"help.preflight", "Looks at cameras, sound, encoder, disk, network, masks and prices, and says what to mend before going live.",
     "检查摄像机、声音、编码、磁盘、网络、遮挡和价格，并说明开播前需要处理什么。"},
    {"help.explain", "What is this? While it is on, whatever you point at or focus explains itself. Escape ends it.",
     "这是什么？开启后，指向或选中任何内容都会显示说明。按 Esc 结束。"},
    {"explain.on", "Point at anything to read what it does. Escape ends this.", "指向任意内容即可查看说明，按 Esc 结束。"},

    // Safe
    {"safe.on", "SAFE", "安全画面"},
    {"safe.off", "Back to program", "恢复节目"},
    {"safe.on_air", "Holding picture, no sound", "安全画面，已静音"},
    {"help.safe", "At once: buyers see the holding picture and hear nothing. Recordings go on. The same button brings the program back.",
     "立即切到安全画面并静音，录制继续。再按一次恢复节目。"},
    {"help.safe.off", "Buyers see and hear the program again, at once.", "立即恢复节目画面和声音。"},
    {"help.program_picture",
     "What buyers see. With a product pinned, its callouts can be dragged to another place on it; a buyer's point can be pressed.",
     "买家看到的画面。置顶产品后，可在此拖动标注；点击买家标记的点可查看。"},

    // Beside the pictures
    {"side.clock", "On this product", "本产品用时"},
    {"side.no_product", "No product is pinned.", "未置顶产品。"},
    {"side.of", "of {n}", "计划 {n}"},
    {"help.clock", "How long the pinned product has been shown, and how long the rundown plans for it.",
     "置顶产品已展示的时间，以及流程表计划的时长。"},

    // Recording in the status bar
    {"record.start", "Record", "录制"},
    {"record.stop", "Stop recording", "停止录制"},
    {"record.waits", "starts when live", "开播后开始"},
    {"record.minutes_left", "{n} min left on disk", "磁盘剩余 {n} 分钟"},
    {"record.hours_left", "{n} h left on disk", "磁盘剩余 {n} 小时"},
    {"record.problem", "Recording stopped: see page F8", "录制中断：见 F8"},
    {"help.record", "Writes the program and the cameras to files while the show is live or paused.",
     "在直播或暂停期间将节目和各摄像机写入文件。"},
    {"help.record.stop", "Closes the files. Buyers notice nothing.", "关闭录制文件，买家无感知。"},
};

}  // namespace

std::span<const Text> program() { return catalogue; }

}  // namespace vitrine::panel::texts
