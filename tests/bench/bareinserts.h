// The baseline of all writing: the rows of a filled calls.db, put into an empty one by prepared statements and nothing
// else. One thread.
#pragma once

#include <QString>
#include <memory>
#include <vector>

struct sqlite3_value;

namespace earmark::bench {

/// Every column of every row of `calls` and `call_texts`, in memory, as SQLite's own values.
class BareRows final {
 public:
    /// Ends the program with a message where `file` cannot be read, as everything here does: a benchmark has no reader
    /// for errors.
    explicit BareRows(const QString& file);
    ~BareRows();
    BareRows(const BareRows&) = delete;
    BareRows& operator=(const BareRows&) = delete;

    [[nodiscard]] int rows() const { return m_rows; }
    /// An empty file with the tables and indexes of the program.
    static void makeSchema(const QString& file);
    /// Inserts them all with the settings that the program uses, one transaction for each `pageRows` rows.
    void insertInto(const QString& file, int pageRows) const;

 private:
    struct FreeValue {
        void operator()(sqlite3_value* value) const;
    };
    using Values = std::vector<std::unique_ptr<sqlite3_value, FreeValue>>;

    int m_rows = 0;
    int m_callColumns = 0;
    int m_textColumns = 0;
    Values m_calls;  ///< row after row
    Values m_texts;
};

}  // namespace earmark::bench
