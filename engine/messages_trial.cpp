#include "engine/message_catalogue.h"

namespace vitrine {

namespace {

// What a source that was tried out is, or what is wrong with it and what to do; for the presenter, so English and Chinese.
constexpr MessageEntry catalogue[] = {
    {"trial.bad_address", "en", "This is no address of a camera: {why}."},
    {"trial.bad_address", "zh", "这不是摄像机地址：{why}。"},
    {"trial.bad_address.fix", "en", "Write rtsp://user:password@address/path, or choose a camera from the list; {encoding}."},
    {"trial.bad_address.fix", "zh",
     "请填写 rtsp://用户:密码@地址/路径，或从列表中选择摄像机；用户名和密码中的百分号写作 %25，@ 写作 %40，/ 写作 %2F，# 写作 %23，? 写作 "
     "%3F，空格写作 %20。"},
    {"trial.codec.simulated", "en", "simulated"},
    {"trial.codec.simulated", "zh", "模拟画面"},
    {"trial.codec.uncompressed", "en", "uncompressed"},
    {"trial.codec.uncompressed", "zh", "未压缩"},
    {"trial.masks_failed", "en", "No picture of it is kept: the masks that a show has for this camera could not be laid over it."},
    {"trial.masks_failed", "zh", "未保存画面：节目为该摄像机设置的遮挡无法应用。"},
    {"trial.masks_of_another_stream", "en",
     "No picture of it is kept: a show masks another stream of this camera, and where its masks lie in this one is not known."},
    {"trial.masks_of_another_stream", "zh", "未保存画面：节目遮挡的是该摄像机的另一路视频流，遮挡在此画面中的位置未知。"},
    {"trial.masks_unread", "en", "No picture of it is kept: a show's masks cannot be read. Run vitrine check on it."},
    {"trial.masks_unread", "zh", "未保存画面：无法读取某个节目的遮挡。请用 vitrine check 检查该节目。"},
    {"trial.needs_password", "en", "{host} asks for a user name and a password."},
    {"trial.needs_password", "zh", "{host} 需要用户名和密码。"},
    {"trial.needs_password.fix", "en", "Write those of the camera into the address: {fillable} – {encoding}."},
    {"trial.needs_password.fix", "zh",
     "请把摄像机的用户名和密码写入地址：{fillable}；其中的百分号写作 %25，@ 写作 %40，/ 写作 %2F，# 写作 %23，? 写作 %3F，空格写作 %20。"},
    {"trial.no_decoder", "en", "{address} answers, but sends pictures that cannot be decoded here."},
    {"trial.no_decoder", "zh", "{address} 有响应，但其画面格式无法在本机解码。"},
    {"trial.no_decoder.fix", "en", "Set the camera to H.264 in its own settings."},
    {"trial.no_decoder.fix", "zh", "请在摄像机设置中改用 H.264。"},
    {"trial.no_picture", "en", "{address} answers, but no picture comes."},
    {"trial.no_picture", "zh", "{address} 有响应，但没有画面。"},
    {"trial.no_picture.fix", "en", "Restart the camera; set it to H.264 with a key picture each second."},
    {"trial.no_picture.fix", "zh", "请重启摄像机；改用 H.264，并设为每秒一个关键帧。"},
    {"trial.no_route", "en", "No way leads to {host} from this computer."},
    {"trial.no_route", "zh", "本机没有通往 {host} 的网络。"},
    {"trial.no_route.fix", "en", "Bring the camera and this computer into the same network."},
    {"trial.no_route.fix", "zh", "请把摄像机和本机接入同一网络。"},
    {"trial.no_such_host", "en", "Nobody knows a device by the name {host}."},
    {"trial.no_such_host", "zh", "找不到名为 {host} 的设备。"},
    {"trial.no_such_host.fix", "en", "Check the spelling, or write its IP address."},
    {"trial.no_such_host.fix", "zh", "请检查拼写，或改用 IP 地址。"},
    {"trial.not_found", "en", "{host} has no stream by the path {path}."},
    {"trial.not_found", "zh", "{host} 上没有路径为 {path} 的视频流。"},
    {"trial.not_found.fix", "en", "Its manual names the path, often /stream1, /live or /Streaming/Channels/101."},
    {"trial.not_found.fix", "zh", "路径见摄像机说明书，常见为 /stream1、/live 或 /Streaming/Channels/101。"},
    {"trial.not_rtsp", "en", "What answers at {host}:{port} does not speak RTSP."},
    {"trial.not_rtsp", "zh", "{host}:{port} 上的服务不是 RTSP。"},
    {"trial.not_rtsp.fix", "en", "Correct the port: cameras use 554 or 8554 for RTSP, 80 is their web page."},
    {"trial.not_rtsp.fix", "zh", "请更正端口：摄像机的 RTSP 一般用 554 或 8554，80 是网页。"},
    {"trial.other", "en", "{why}"},
    {"trial.other", "zh", "{address} 无法使用：{why}"},
    {"trial.refused", "en", "{host} is there, but refuses connections at port {port}."},
    {"trial.refused", "zh", "{host} 在线，但端口 {port} 拒绝连接。"},
    {"trial.refused.fix", "en", "Switch RTSP on in the camera's settings, or correct the port (most often 554)."},
    {"trial.refused.fix", "zh", "请在摄像机设置中开启 RTSP，或更正端口（通常为 554）。"},
    {"trial.timed_out", "en", "{host} does not answer."},
    {"trial.timed_out", "zh", "{host} 没有响应。"},
    {"trial.timed_out.fix", "en", "Check its power, its cable and the address."},
    {"trial.timed_out.fix", "zh", "请检查电源、网线和地址。"},
    {"trial.works", "en", "It works: {width} × {height}, {fps} pictures a second, {codec}, "},
    {"trial.works", "zh", "可用：{width} × {height}，每秒 {fps} 帧，{codec}，"},
    {"trial.works.silent", "en", "without sound."},
    {"trial.works.silent", "zh", "无声音。"},
    {"trial.works.sound", "en", "with sound."},
    {"trial.works.sound", "zh", "有声音。"},
    {"trial.works.sound_codec", "en", "with sound ({sound})."},
    {"trial.works.sound_codec", "zh", "有声音（{sound}）。"},
    {"trial.wrong_password", "en", "{host} refuses this user name or password."},
    {"trial.wrong_password", "zh", "{host} 拒绝了该用户名或密码。"},
    {"trial.wrong_password.fix", "en", "Check both on the camera's own web page; {encoding}."},
    {"trial.wrong_password.fix", "zh",
     "请在摄像机网页上核对；其中的百分号写作 %25，@ 写作 %40，/ 写作 %2F，# 写作 %23，? 写作 %3F，空格写作 %20。"},
};

}  // namespace

std::span<const MessageEntry> trial_messages() { return catalogue; }

}  // namespace vitrine
