// Two-way lookup in small tables of enum values and their words; for the .cpp files of this room. Pure, any thread.
#pragma once

#include <QLatin1StringView>
#include <QString>
#include <array>
#include <cstddef>
#include <optional>

namespace earmark::wordtable {

template <typename E>
struct Entry {
    E value;
    const char* word;
};

template <typename E, std::size_t N>
[[nodiscard]] QString wordOf(const std::array<Entry<E>, N>& table, E value) {
    for (const auto& entry : table) {
        if (entry.value == value) {
            return QString::fromLatin1(entry.word);
        }
    }
    Q_UNREACHABLE();
    return {};
}

/// Exact match: the words are a contract; whoever accepts other spellings folds them first.
template <typename E, std::size_t N>
[[nodiscard]] std::optional<E> valueOf(const std::array<Entry<E>, N>& table, const QString& text) {
    for (const auto& entry : table) {
        if (text == QLatin1StringView(entry.word)) {
            return entry.value;
        }
    }
    return std::nullopt;
}

}  // namespace earmark::wordtable
