// What a member of a provider's object is changed to, for the mutation tests. Pure, any thread.
#pragma once

#include <QByteArray>
#include <QString>

#include "models/providers/jsonspans.h"

namespace earmark::test {

struct Mutation {
    const char* name;
    const char* written;  ///< JSON in place of the value; nullptr = the field is dropped
};

inline constexpr Mutation kMutations[] = {
    {"dropped", nullptr},
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"0", "0"},
    {"17", "17"},
    {"3.7", "3.7"},
    {"-1", "-1"},
    {"2^31", "2147483648"},
    {"2^53+1", "9007199254740993"},
    {"2^63", "9223372036854775808"},
    {"1e308", "1e308"},
    {"\"12\"", "\"12\""},
    {"\"-3\"", "\"-3\""},
    {"\"1:30\"", "\"1:30\""},
    {"\"true\"", "\"true\""},
    {"empty text", "\"\""},
    {"blank text", "\"  \""},
    {"NUL", "\"\\u0000\""},
    {"markup", "\"<img src=file:///etc/passwd>\""},
    {"list", "[]"},
    {"list of text", "[\"completed\"]"},
    {"object", "{}"},
    {"time", "\"2026-04-18T14:37:02Z\""},
    {"impossible day", "\"2026-02-30T10:00:00Z\""},
};

/// The object with one member dropped (nullptr) or written otherwise.
[[nodiscard]] inline QByteArray mutated(const QByteArray& object, const QString& name, const char* written) {
    QByteArray result = "{";
    const auto members = objectMembers(object);
    for (const JsonMember& member : *members) {
        const bool isVictim = member.name == name;
        if (isVictim && written == nullptr) {
            continue;
        }
        result += (result.size() > 1 ? "," : "") + QByteArray("\"") + member.name.toUtf8() +
                  "\":" + (isVictim ? QByteArray(written) : member.value.toByteArray());
    }
    return result + '}';
}

}  // namespace earmark::test
