#pragma once
// Records as JSON objects (pipelines/deliver/DESK.md): the field names of records.h, enums by name, money
// {"amount":"4.20","currency":"USD"}, texts in several languages by language, empty optional values null. Hashes of secrets and tokens are
// left out wherever JSON is written. Reentrant.

#include <nlohmann/json.hpp>

#include "engine/desk/acts.h"
#include "engine/desk/desk.h"
#include "engine/desk/records.h"
#include "engine/result.h"

namespace vitrine::desk {

/// With "record": "message", "quote" … (a message, a happening and a removal have a "kind" of their own).
nlohmann::json record_to_json(const Record& record);
/// The reverse. Unknown fields are skipped, missing ones are as in an empty record; a wrong type is refused.
Result<Record> record_from_json(const nlohmann::json& json);

// Alone, without "record".
nlohmann::json to_json(const InviteRecord& invite);
nlohmann::json to_json(const Person& person);
nlohmann::json to_json(const Message& message);
nlohmann::json to_json(const Point& point);
nlohmann::json to_json(const Poll& poll);
nlohmann::json to_json(const Quote& quote);
nlohmann::json to_json(const Order& order);
nlohmann::json to_json(const Attachment& attachment);
nlohmann::json to_json(const Presence& presence);

/// The presenter's whole desk.
nlohmann::json desk_view_to_json(const DeskView& view);
Result<DeskView> desk_view_from_json(const nlohmann::json& json);

nlohmann::json act_result_to_json(const ActResult& result);

}  // namespace vitrine::desk
