#include "engine/desk/vcard.h"

#include <algorithm>

#include "engine/desk/printing.h"
#include "engine/printable.h"

namespace vitrine::desk {
namespace {

/// RFC 6350, 3.4. `list`: in a value made of parts, where a semicolon parts them too.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\r') continue;
        if (c == '\\' || c == ',' || c == ';') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// RFC 6350, 3.2: at most 75 bytes a line; what goes on begins with a space.
void put_line(std::string& out, std::string_view line) {
    std::size_t used = 0;
    while (!line.empty()) {
        const std::size_t length = std::max<std::size_t>(utf8_sequence(line), 1);
        if (used + length > 75) {
            out += "\r\n ";
            used = 1;
        }
        out += line.substr(0, length);
        used += length;
        line.remove_prefix(length);
    }
    out += "\r\n";
}

}  // namespace

std::string vcards(const History& history, const ShowConfig& show) {
    std::vector<const Person*> people;
    for (const auto& [id, person] : history.people)
        if (person.role == Role::buyer && !person.erased && !person.name.empty()) people.push_back(&person);
    std::stable_sort(people.begin(), people.end(), [](const Person* a, const Person* b) { return a->joined_us < b->joined_us; });
    std::string out;
    for (const Person* p : people) {
        std::string stamp = iso_time(p->joined_us);  // REV in the basic form: 20261125T140500Z
        std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
        const auto field = [&](const std::string& name, const std::string& value) {
            if (!value.empty()) put_line(out, name + escaped(value));
        };
        put_line(out, "BEGIN:VCARD");
        put_line(out, "VERSION:4.0");
        put_line(out, "KIND:individual");
        field("UID:urn:x-vitrine:", p->id);
        field("FN:", p->name);
        field("ORG:", p->company);
        field("EMAIL:", p->email);
        field("TEL;VALUE=text:", p->phone);
        field("LANG:", p->language);
        if (!p->country.empty()) put_line(out, "ADR:;;;;;;" + escaped(p->country));
        field("NOTE:", show.title.in(show.languages.front()) + ", " + local_date(p->joined_us));
        if (!stamp.empty()) put_line(out, "REV:" + stamp);
        put_line(out, "END:VCARD");
    }
    return out;
}

}  // namespace vitrine::desk
