// One thin layer over the SQLite C API: connection, statement, transaction. A connection and its statements belong to
// one thread. Nothing outside models/store includes sqlite3.h.
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>
#include <memory>
#include <optional>

#include "models/domain/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace earmark {

/// Asked before each step of a statement; a non-zero SQLite result code makes that step fail with it (tests: the n-th failure).
using SqlFaultSeam = std::function<int(const char* sql)>;

}  // namespace earmark
