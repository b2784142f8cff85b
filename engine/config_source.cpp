#include "engine/config_source.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "engine/config_problems.h"
#include "engine/source_url.h"

namespace vitrine::config {
namespace {

const std::vector<std::string> camera_schemes{"sim", "file", "rtsp", "rtsps", "v4l2", "srt"};
const std::vector<std::string> sound_schemes{"none", "default", "sim", "camera", "alsa", "pulse", "pipewire", "file"};

std::optional<int> whole(std::string_view digits, int low, int high) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < low || value > high) return std::nullopt;
    return value;
}

bool printable_ascii(std::string_view s) {
    return std::all_of(s.begin(), s.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

Judged<SourceSpec> file_source(std::string rest, const ShowFolder& folder) {
    if (rest.starts_with("//")) rest.erase(0, 2);  // file:///clip.mp4
    auto path = folder.file(rest);
    if (!path) return tl::unexpected<Fault>(path.error());
    return SourceSpec{"file", path->string()};
}

// scheme://[user:password@]host[:port][/…]
Judged<SourceSpec> url_source(const std::string& scheme, const std::string& value) {
    const std::string example = scheme == "srt" ? "srt://192.168.1.20:9000" : scheme + "://192.168.1.20/stream1";
    const auto wrong = [&](const std::string& why, const std::string& hint) {
        return fault(in_quotes(shown_address(value)) + " " + why, hint);
    };
    const auto shape = [&](const std::string& why) { return wrong(why, "write " + scheme + "://…, for example " + example); };
    if (!printable_ascii(value))
        return wrong("holds spaces or characters that a URL may not have", std::string(encoding_advice()) + ", other signs alike");
    if (!value.starts_with(scheme + "://")) return shape("is not a URL");
    if (scheme == "srt" && value.find('#') != std::string::npos) return wrong("holds a #, where a URL ends", "write # as %23");
    const SourceUrl url = split_url(value);
    if (url.doubtful)
        return wrong("can be read in two ways: an @ comes after a /, ? or #",
                     std::string(encoding_advice()) + "; in the path write @ as %40");
    std::string_view host = std::string_view(url.location).substr(scheme.size() + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    std::string_view port;
    const auto colon = host.rfind(':');
    if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
        if (!whole(port, 1, 65535)) return shape("has no port from 1 to 65535 after the colon");
    }
    if (scheme == "srt" && port.empty()) return shape("names no port");
    const bool listens = scheme == "srt" && value.find("mode=listener") != std::string::npos;
    if (host.empty() && !listens) return shape("names no host");
    return SourceSpec{scheme, value};
}

struct SimOption {
    std::string name;
    int low, high;
    bool even = false, on_off = false;
};

Judged<void> judge_sim_option(const std::string& part, const std::vector<SimOption>& options) {
    const auto equals = part.find('=');
    const std::string name = part.substr(0, equals);
    const std::string number = equals == std::string::npos ? "" : part.substr(equals + 1);
    const auto option = std::find_if(options.begin(), options.end(), [&](const SimOption& o) { return o.name == name; });
    if (option == options.end()) {
        std::vector<std::string> names;
        for (const auto& o : options) names.push_back(o.name);
        return fault("the simulated camera has no option " + in_quotes(name), suggest(name, names));
    }
    if (option->on_off) {
        if (number == "on" || number == "off") return {};
        return fault("the simulated camera's " + name + " is " + in_quotes(number), "on or off");
    }
    const auto value = whole(number, option->low, option->high);
    if (value && (!option->even || *value % 2 == 0)) return {};
    return fault("the simulated camera's " + name + " is " + in_quotes(number),
                 std::to_string(option->low) + " to " + std::to_string(option->high) + (option->even ? ", even" : ""));
}

Judged<SourceSpec> sim_source(const std::string& rest) {
    static const std::vector<std::string> cameras{"line", "bench", "mask"};
    const auto mark = rest.find('?');
    const std::string name = rest.substr(0, mark);
    if (std::find(cameras.begin(), cameras.end(), name) == cameras.end())
        return fault("there is no simulated camera " + in_quotes(name), suggest(name, cameras));
    std::vector<SimOption> options{{"width", 160, 3840, true}, {"height", 90, 2160, true}, {"fps", 1, 60}, {"code", 0, 0, false, true}};
    if (name == "bench") options.push_back({"still", 0, 1});
    for (std::size_t begin = mark; begin != std::string::npos;) {
        const std::size_t end = rest.find('&', begin + 1);
        if (auto judged = judge_sim_option(rest.substr(begin + 1, end == std::string::npos ? end : end - begin - 1), options); !judged)
            return tl::unexpected<Fault>(judged.error());
        begin = end;
    }
    return SourceSpec{"sim", rest};
}

// A file name written without its scheme is the likeliest slip.
Judged<SourceSpec> no_scheme(const std::string& value, const ShowFolder& folder, const std::vector<std::string>& schemes) {
    if (value.starts_with("/dev/video")) return fault(in_quotes(value) + " has no scheme", "write \"v4l2:" + value + "\"");
    if (folder.file(value)) return fault(in_quotes(value) + " has no scheme", "write \"file:" + value + "\"");
    return fault(in_quotes(value) + " has no scheme", suggest(value, schemes));
}

struct Split {
    std::string scheme, rest;
};

std::optional<Split> split(const std::string& value) {
    const auto colon = value.find(':');
    if (colon == std::string::npos) return std::nullopt;
    return Split{value.substr(0, colon), value.substr(colon + 1)};
}

Judged<SourceSpec> unknown_scheme(const Split& s, const std::vector<std::string>& schemes) {
    return fault("the scheme " + in_quotes(s.scheme) + " is not known", suggest(s.scheme, schemes));
}

struct Family {
    std::string name;
    int count;
};

// Numbers of markers: the AprilTag families as published by the University of Michigan, the ArUco dictionaries as in OpenCV.
const std::vector<Family>& families() {
    static const std::vector<Family> all = [] {
        std::vector<Family> list{
            {"apriltag16h5", 30}, {"apriltag25h9", 35}, {"apriltag36h10", 2320}, {"apriltag36h11", 587}, {"aruco_original", 1024}};
        for (const char* bits : {"4x4", "5x5", "6x6", "7x7"})
            for (const int count : {50, 100, 250, 1000}) list.push_back({"aruco" + std::string(bits) + "_" + std::to_string(count), count});
        return list;
    }();
    return all;
}

}  // namespace

Judged<SourceSpec> parse_camera_source(const std::string& value, const ShowFolder& folder) {
    const auto parts = split(value);
    if (!parts) return no_scheme(value, folder, {"sim:line", "sim:bench", "file:clip.mp4", "v4l2:/dev/video0", "rtsp://…", "srt://…"});
    const auto& [scheme, rest] = *parts;
    if (scheme == "sim") return sim_source(rest);
    if (scheme == "file") return file_source(rest, folder);
    if (scheme == "rtsp" || scheme == "rtsps" || scheme == "srt") return url_source(scheme, value);
    if (scheme == "v4l2") {
        if (rest.starts_with("/dev/") && printable_ascii(rest) && rest.find("..") == std::string::npos) return SourceSpec{scheme, rest};
        return fault(in_quotes(value) + " names no video device", "for example \"v4l2:/dev/video0\"");
    }
    return unknown_scheme(*parts, camera_schemes);
}

Judged<SourceSpec> parse_sound_source(const std::string& value, const ShowFolder& folder) {
    const Split parts = split(value).value_or(Split{value, ""});
    const auto& [scheme, rest] = parts;
    const bool known = std::find(sound_schemes.begin(), sound_schemes.end(), scheme) != sound_schemes.end();
    if (!known && value.find(':') == std::string::npos)
        return no_scheme(value, folder, {"none", "default", "sim:voice", "camera:ID", "alsa:hw:0", "pulse", "pipewire", "file:voice.wav"});
    if (scheme == "none" || scheme == "default") {
        if (value == scheme) return SourceSpec{scheme, ""};
        return fault(in_quotes(value) + " has something behind " + in_quotes(scheme), "write \"" + scheme + "\" alone");
    }
    if (scheme == "sim") {
        if (rest == "voice") return SourceSpec{scheme, rest};
        return fault(in_quotes(value) + " is no simulated sound", "write \"sim:voice\"");
    }
    if (scheme == "camera") {
        if (!rest.empty()) return SourceSpec{scheme, rest};
        return fault(in_quotes(value) + " names no camera", "write \"camera:ID\" with a camera's id");
    }
    if (scheme == "file") return file_source(rest, folder);
    if (scheme == "alsa" || scheme == "pulse" || scheme == "pipewire") {
        if (rest.size() <= 200 && printable_ascii(rest)) return SourceSpec{scheme, rest};
        return fault(in_quotes(value) + " is no device name", "for example \"alsa:hw:0\"; vitrine probe lists them");
    }
    return unknown_scheme(parts, sound_schemes);
}

Judged<std::string> parse_address(const std::string& value) {
    if (value == "localhost") return std::string("127.0.0.1");
    in6_addr six{};
    in_addr four{};
    if (inet_pton(AF_INET, value.c_str(), &four) == 1 || inet_pton(AF_INET6, value.c_str(), &six) == 1) return value;
    return fault(in_quotes(value) + " is not an IP address", "for example 127.0.0.1, 0.0.0.0 for every IPv4 interface, [::] for every one");
}

Judged<ListenAddress> parse_listen(const std::string& value) {
    const auto colon = value.rfind(':');
    const std::string hint = "write address:port, for example \"127.0.0.1:8080\" or \"[::1]:8080\"";
    if (colon == std::string::npos || colon + 1 == value.size()) return fault(in_quotes(value) + " names no port", hint);
    const auto port = whole(std::string_view(value).substr(colon + 1), 0, 65535);
    std::string address = value.substr(0, colon);
    const bool brackets = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (brackets) address = address.substr(1, address.size() - 2);
    if (!brackets && address.find(':') != std::string::npos) return fault(in_quotes(value) + " is an IPv6 address without brackets", hint);
    if (!port) return fault(in_quotes(value) + " has no port from 0 to 65535", hint);
    auto parsed = parse_address(address);
    if (!parsed) return tl::unexpected<Fault>(parsed.error());
    if (brackets && parsed->find(':') == std::string::npos) return fault(in_quotes(value) + " has brackets around an IPv4 address", hint);
    return ListenAddress{*parsed, *port};
}

bool is_loopback(const std::string& address) {
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return false;
    if (IN6_IS_ADDR_LOOPBACK(&six)) return true;
    return IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127;
}

Judged<void> judge_open_address(const std::string& address, bool tls, bool behind_proxy) {
    if (is_loopback(address) || tls || behind_proxy) return {};
    return fault("is open to the network at " + address + " without TLS",
                 "add [tls] with certificate and key, or behind_proxy = true when a proxy speaks TLS, or listen on 127.0.0.1");
}

Judged<MarkerTarget> parse_marker(const std::string& value) {
    const auto parts = split(value);
    if (!parts) return fault(in_quotes(value) + " is no marker", "write family:id, for example \"apriltag36h11:5\"");
    std::vector<std::string> names;
    for (const auto& family : families()) {
        names.push_back(family.name);
        if (family.name != parts->scheme) continue;
        if (const auto id = whole(parts->rest, 0, family.count - 1)) return MarkerTarget{family.name, *id, 0};
        return fault(in_quotes(value) + " has no such marker", family.name + " has the markers 0 to " + std::to_string(family.count - 1));
    }
    return fault("the marker family " + in_quotes(parts->scheme) + " is not known", suggest(parts->scheme, names));
}

Judged<MarkerBoard> parse_marker_board(const std::string& value) {
    constexpr double most_mm = 10000;
    const std::string form = "write family:COLUMNSxROWS:size:gap in mm, for example \"apriltag36h11:4x3:30:6\"";
    std::vector<std::string> parts(1);
    for (const char c : value) {
        if (c == ':')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    if (parts.size() < 4 || parts.size() > 5) return fault(in_quotes(value) + " is no marker board", form);
    std::vector<std::string> names;
    for (const auto& family : families()) {
        names.push_back(family.name);
        if (family.name != parts[0]) continue;
        const auto x = parts[1].find('x');
        const auto columns = whole(parts[1].substr(0, x), 1, 100),
                   rows = x == std::string::npos ? std::nullopt : whole(parts[1].substr(x + 1), 1, 100);
        if (!columns || !rows) return fault(in_quotes(parts[1]) + " is no number of columns and rows", form);
        if (*columns * *rows < 2) return fault("a board has two markers or more", "for one alone write marker = \"" + parts[0] + ":0\"");
        const auto length = [&](const std::string& text) -> std::optional<double> {
            double out = 0;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
            if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() || !(out > 0) || out > most_mm)
                return std::nullopt;
            return out;
        };
        const auto size = length(parts[2]), gap = length(parts[3]);
        if (!size || !gap) return fault(in_quotes(value) + " needs a size and a gap above 0 mm", form);
        const auto first = parts.size() == 5 ? whole(parts[4], 0, family.count - 1) : std::optional<int>(0);
        if (!first || *first + *columns * *rows > family.count)
            return fault(in_quotes(value) + " has more markers than there are",
                         family.name + " has the markers 0 to " + std::to_string(family.count - 1));
        return MarkerBoard{family.name, *columns, *rows, *size, *gap, *first};
    }
    return fault("the marker family " + in_quotes(parts[0]) + " is not known", suggest(parts[0], names));
}

Judged<std::string> parse_stun(const std::string& value) {
    const auto hint = "for example \"stun:stun.example.com:3478\"";
    if (!value.starts_with("stun:")) return fault(in_quotes(value) + " is no STUN address", hint);
    std::string rest = value.substr(5);
    if (rest.starts_with("//")) rest.erase(0, 2);
    std::string host = rest;
    if (const auto colon = rest.rfind(':'); colon != std::string::npos && rest.find(']', colon) == std::string::npos) {
        host = rest.substr(0, colon);
        if (!whole(std::string_view(rest).substr(colon + 1), 1, 65535))
            return fault(in_quotes(value) + " has no port from 1 to 65535", hint);
    }
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const bool shape = !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [&](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) || c == '.' || c == '-' || (bracketed && (c == ':' || c == '[' || c == ']')));
    });
    if (!shape) return fault(in_quotes(value) + " names no host", hint);
    return "stun:" + rest;
}

Judged<std::string> parse_service(const std::string& value, bool origin) {
    const std::string hint = origin ? "for example \"https://show.example.com\"" : "for example \"https://translate.example.com\"";
    const bool tls = value.starts_with("https://");
    if (!tls && !value.starts_with("http://")) return fault(in_quotes(value) + " is no web address", hint);
    std::string rest = value.substr(tls ? 8 : 7);
    while (rest.ends_with('/')) rest.pop_back();
    const auto slash = rest.find('/');
    const std::string authority = rest.substr(0, slash);
    if (origin && slash != std::string::npos) return fault(in_quotes(value) + " goes on after the host", hint);
    std::string host = authority, port;
    if (const auto colon = authority.rfind(':'); colon != std::string::npos && authority.find(']', colon) == std::string::npos) {
        host = authority.substr(0, colon);
        if (!whole(std::string_view(authority).substr(colon + 1), 1, 65535))
            return fault(in_quotes(value) + " has no port from 1 to 65535", hint);
    }
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const bool shape = !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [&](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) || c == '.' || c == '-' || (bracketed && (c == ':' || c == '[' || c == ']')));
    });
    if (!shape) return fault(in_quotes(value) + " names no host", hint);
    if (slash != std::string::npos && !std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(slash), rest.end(), [](unsigned char c) {
            return c < 0x80 && (std::isalnum(c) || c == '/' || c == '.' || c == '-' || c == '_');
        }))
        return fault(in_quotes(value) + " has a path with signs in it that are not taken", hint);
    const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
    if (!tls && bare != "localhost" && !is_loopback(bare))
        return fault(in_quotes(value) + " sends everything unencrypted", "write https://");
    return (tls ? "https://" : "http://") + rest;
}

Judged<std::int64_t> parse_moment(const std::string& value) {
    const std::string hint = "for example \"2026-11-26T14:00:00+08:00\"";
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
    if (value.find_first_of(" \t\n") != std::string::npos ||
        std::sscanf(value.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6 || used != 19)
        return fault(in_quotes(value) + " is no date and time", hint);
    const std::string zone = value.substr(19);
    int offset_min = 0;
    if (zone != "Z") {
        int hours = 0, minutes = 0, length = 0;
        const bool shape = zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') &&
                           std::sscanf(zone.c_str() + 1, "%2d:%2d%n", &hours, &minutes, &length) == 2 && length == 5;
        if (!shape || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
            return fault(in_quotes(value) + " does not say in which time zone", hint);
        offset_min = (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 2000 || year > 2199 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return fault(in_quotes(value) + " is not in the calendar", hint);
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return (days * 86400 + hour * 3600 + (minute - offset_min) * 60 + second) * 1'000'000;
}

std::string moment_text(std::int64_t utc_us) {
    const std::chrono::sys_time<std::chrono::seconds> at{std::chrono::seconds(utc_us / 1'000'000)};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

}  // namespace vitrine::config
