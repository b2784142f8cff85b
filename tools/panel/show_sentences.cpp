#include "tools/panel/show_sentences.h"

#include "tools/panel/sentences.h"

namespace vitrine::panel {
namespace {

constexpr Sentence known[] = {
    {"it ended at once.", "它立即结束了。"},
    {"The show could not be started: {}", "节目无法启动：{}"},
    {"This panel cannot start shows. Start one with: vitrine run FOLDER", "此面板不能启动节目，请用 vitrine run 文件夹 启动"},
    {"The sound is back.", "声音已恢复。"},
    {"{} The show goes on without it; trying again.", "{} 节目继续进行，正在重试。"},
    {"The video encoder {} failed ({}); the next one is used instead.", "视频编码器 {} 出错（{}），已改用下一个。"},
    {"What buyers send can be stored again.", "买家提交的内容已可正常保存。"},
    {"What buyers send cannot be stored: {} They are told to try again.", "买家提交的内容无法保存：{} 已提示他们重试。"},
    {"{} cannot be written: {}. The change is live but not saved.", "{} 无法写入：{}。修改已生效，但未保存。"},
    {"this show was not read from files, so nothing of it can be saved", "本节目不是从文件读取的，无法保存修改"},
    {"{} cannot be read any more, so the change was not saved.", "{} 已无法读取，修改未保存。"},
    {"{} was changed by somebody else since the show was started, so the change was not saved. Start the show again to work on the file as "
     "it "
     "is now.",
     "{} 在节目启动后被他人修改过，因此未保存。请重新启动节目后再修改。"},
    {"the show is {}, so \"{}\" is not possible; it must be {} for that", "节目当前状态为 {}，无法执行“{}”；需要先处于 {}"},
    {"The show did not answer.", "节目没有应答。"},
    {"another change is being saved; try again in a moment", "正在保存另一处修改，请稍候再试"},
    {"this is the first product of the rundown", "这是流程表中的第一个产品"},
    {"this is the last product of the rundown", "这是流程表中的最后一个产品"},
    {"this show has no products to go through", "本节目没有产品"},
    {"the show has begun; when it begins can be said again once it is prepared anew", "节目已开始；重新准备后才能再设置开播时间"},
    {"the show is {}, so no chapter can be marked; it must be live or paused for that", "节目当前状态为 {}；直播或暂停时才能打章节点"},
    {"this show has {} chapters already, the most there may be", "章节点已达上限 {} 个"},
    {"the 3D model of {} cannot be shown: {}", "{} 的三维模型无法显示：{}"},
    {"the 3D model of {} is still being read; try again in a moment", "{} 的三维模型正在读取，请稍候再试"},
    {"the product {} has no 3D model; give it one with model = \"models/….glb\"",
     "产品 {} 没有三维模型；请用 model = \"models/….glb\" 添加"},
    {"a callout lies within 10000 mm of the product's corner", "标注须在产品角点 10000 毫米以内"},
    {"a callout says something: give a text in at least one language", "标注需要文字：请至少填写一种语言"},
    {"a callout's text has 1 to 2000 bytes in each language", "标注文字每种语言为 1 到 2000 字节"},
    {"the product {} has no target that a callout could sit on", "产品 {} 没有可识别的目标，无法放置标注"},
    {"a product has at most 200 callouts", "一个产品最多 200 条标注"},
    {"a mask has 3 to 64 corners, this one has {}", "遮罩有 3 到 64 个角，这个有 {} 个"},
    {"a mask covers something: its corners must not lie on one line", "遮罩需要面积：各角不能在一条直线上"},
    {"a camera has at most 16 masks", "一台摄像机最多 16 个遮罩"},
    {"there is no camera {}", "没有摄像机 {}"},
    {"no product has a callout {}", "没有产品带有标注 {}"},
    {"A text is too long or holds control characters.", "文字太长或含有控制字符。"},
    {"A text is too long (at most 200 bytes) or holds control characters.", "文字太长（最多 200 字节）或含有控制字符。"},
    {"That is too long: at most {} letters, please.", "太长：最多 {} 个字。"},
    {"A price is above 0.", "价格须大于 0。"},
    {"That price is too high.", "价格太高。"},
    {"Name a price.", "请填写价格。"},
    {"The currency must be an ISO 4217 code such as \"USD\".", "币种须为 ISO 4217 代码，如 \"USD\"。"},
    {"Stay with one currency: this request is in {}.", "请使用同一币种：本询价为 {}。"},
    {"Say how many pieces: from 1 to 1000000000.", "请填写数量：1 到 1000000000。"},
    {"This has gone back and forth long enough; please talk to each other.", "往来次数已达上限；请直接沟通。"},
    {"Say what you offer instead.", "请填写您的替代方案。"},
    {"Only what a buyer wrote can be answered.", "只能回答买家写的内容。"},
    {"A private message cannot be shown to everybody.", "私密消息不能公开显示。"},
    {"Only they themselves can raise it.", "只有买家自己可以举手。"},
    {"A poll has 2 to 6 answers to choose from.", "投票有 2 到 6 个选项。"},
    {"A poll's texts must be short, and none empty.", "投票的文字须简短，且不能为空。"},
    {"An order has a number of 1 to 64 letters.", "订单号为 1 到 64 个字符。"},
    {"Order {}: pieces go from 0 to 1000000000.", "订单 {}：数量为 0 到 1000000000。"},
    {"There is room for 5000 orders; remove old ones first.", "最多 5000 个订单；请先删除旧订单。"},
    {"There are 5000 links already, the most there may be.", "邀请链接已达上限 5000 个。"},
    {"The link would be over before it begins.", "链接在生效前就会过期。"},
    {"A link lives a year at most.", "链接最长有效一年。"},
    {"An open link is for 1 to 100000 people.", "公开链接适用 1 到 100000 人。"},
    {"That is no e-mail address.", "这不是电子邮箱地址。"},
    {"A price group is named by 1 to 64 letters, digits or one of . _ + - without spaces.",
     "价格组名称为 1 到 64 个字母、数字或 . _ + -，不含空格。"},
    {"The show goes on without {} ({}, {}): it {}", "节目不使用 {}（{}，{}）继续：{}"},
};

}  // namespace

std::string show_sentence(const std::string& english, const std::string& language) {
    if (language != "zh") return english;
    return first_translated(known, english, [](std::string_view words) { return std::string(words); }).value_or(english);
}

}  // namespace vitrine::panel
