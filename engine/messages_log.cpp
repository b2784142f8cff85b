#include "engine/message_catalogue.h"

namespace vitrine {

namespace {

constexpr MessageEntry entries[] = {
    {"log.by.helper", "en", "a helper"},
    {"log.by.helper", "zh", "助手"},
    {"log.by.helper_named", "en", "{name} (helper)"},
    {"log.by.helper_named", "zh", "{name}（助手）"},
    {"log.by.panel", "en", "panel"},
    {"log.by.panel", "zh", "控制面板"},
    {"log.by.program", "en", "another program"},
    {"log.by.program", "zh", "其他程序"},
    {"log.by.program_named", "en", "program {name}"},
    {"log.by.program_named", "zh", "程序 {name}"},
    {"log.camera_connecting", "en", "{camera}: connecting again"},
    {"log.camera_connecting", "zh", "{camera}：正在重新连接"},
    {"log.camera_frozen", "en", "{camera}: the picture stands still"},
    {"log.camera_frozen", "zh", "{camera}：画面停滞"},
    {"log.camera_live", "en", "{camera}: the picture is there"},
    {"log.camera_live", "zh", "{camera}：画面正常"},
    {"log.camera_lost", "en", "{camera}: the picture is lost"},
    {"log.camera_lost", "zh", "{camera}：画面丢失"},
    {"log.camera_mask_failed", "en", "{camera}: hidden, because its mask cannot be applied"},
    {"log.camera_mask_failed", "zh", "{camera}：遮罩无法应用，画面已隐藏"},
    {"log.chapter", "en", "Chapter: {title}"},
    {"log.chapter", "zh", "章节：{title}"},
    {"log.ended", "en", "The show has ended"},
    {"log.ended", "zh", "节目已结束"},
    {"log.live", "en", "The show is live"},
    {"log.live", "zh", "节目开始直播"},
    {"log.masks", "en", "{camera}: masks changed, now {n}"},
    {"log.masks", "zh", "{camera}：遮罩已修改，现有 {n} 个"},
    {"log.muted", "en", "Sound off for buyers"},
    {"log.muted", "zh", "已对买家静音"},
    {"log.paused", "en", "Paused"},
    {"log.paused", "zh", "已暂停"},
    {"log.pinned", "en", "Pinned: {product}"},
    {"log.pinned", "zh", "置顶产品：{product}"},
    {"log.prepared", "en", "Ready; buyers wait in the waiting room"},
    {"log.prepared", "zh", "已就绪，买家在等候室"},
    {"log.record", "en", "Recording wanted"},
    {"log.record", "zh", "已请求录制"},
    {"log.record_off", "en", "Recording no longer wanted"},
    {"log.record_off", "zh", "已取消录制"},
    {"log.recorded", "en", "Recording has stopped"},
    {"log.recorded", "zh", "录制已停止"},
    {"log.recording", "en", "Recording has begun"},
    {"log.recording", "zh", "录制已开始"},
    {"log.resumed", "en", "Live again"},
    {"log.resumed", "zh", "恢复直播"},
    {"log.safe", "en", "Holding picture and silence"},
    {"log.safe", "zh", "已切换到等待画面并静音"},
    {"log.safe_over", "en", "Back from the holding picture"},
    {"log.safe_over", "zh", "已从等待画面恢复"},
    {"log.scene", "en", "Scene: {scene}"},
    {"log.scene", "zh", "场景：{scene}"},
    {"log.unmuted", "en", "Sound on for buyers"},
    {"log.unmuted", "zh", "已恢复声音"},
    {"log.unpinned", "en", "No product pinned"},
    {"log.unpinned", "zh", "未置顶产品"},
};

}  // namespace

std::span<const MessageEntry> log_messages() { return entries; }

}  // namespace vitrine
