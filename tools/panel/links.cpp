#include "tools/panel/links.h"

namespace vitrine::panel {

bool only_here(std::string_view link) {
    const auto start = link.find("://");
    if (start == std::string_view::npos) return false;
    link.remove_prefix(start + 3);
    const std::string_view host = link.substr(0, link.find_first_of("/?#"));
    return host.starts_with("127.") || host.starts_with("[::1]") || host == "localhost" || host.starts_with("localhost:");
}

std::string invite_of(std::string_view link) {
    constexpr std::string_view door = "/j/";
    const auto at = link.find(door);
    if (at == std::string_view::npos) return {};
    link.remove_prefix(at + door.size());
    return std::string(link.substr(0, link.find_first_of("#?/")));
}

bool lets_in(const desk::InviteRecord& invite, std::int64_t utc_us) {
    return invite.revoked_us == 0 && (invite.expires_us == 0 || utc_us < invite.expires_us);
}

const desk::InviteRecord* open_link(const desk::DeskView& desk, std::string_view shows_own, std::int64_t utc_us) {
    if (const auto own = desk.invites.find(invite_of(shows_own)); own != desk.invites.end() && lets_in(own->second, utc_us))
        return &own->second;
    const desk::InviteRecord* newest = nullptr;
    for (const auto& [id, invite] : desk.invites) {
        const bool open = invite.role == desk::Role::buyer && invite.person.empty() && invite.max_people > 1;
        if (open && lets_in(invite, utc_us) && (!newest || invite.made_us > newest->made_us)) newest = &invite;
    }
    return newest;
}

}  // namespace vitrine::panel
