#pragma once
// The tables of show.db and how an older file becomes a newer one. A version's text is never changed once it has shipped: a change is one
// more step. For the store alone.

#include <SQLiteCpp/SQLiteCpp.h>

namespace vitrine::desk {

/// What user_version says in files of this program.
int newest_schema();
/// Brings the file up to a version, each step in its own transaction. Throws SQLite::Exception.
void migrate(SQLite::Database& database, int to = newest_schema());

}  // namespace vitrine::desk
