// Values that many rows share, by number: append-only, shared between snapshots. Written by one thread before the
// snapshot exists, then read from any.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <optional>
#include <string>

#include "models/search/sharedmap.h"
#include "models/search/wordpattern.h"

namespace earmark {

/// Code 0 = no value; the others are positions in the table plus one.
using DictionaryCode = quint32;

class Dictionary final {
 public:
    struct Entry {
        QString text;
        std::string folded;
        QStringList list;  ///< tags only: the text is then just a spelling of the list
    };

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const Entry& operator[](DictionaryCode code) const { return m_entries[code - 1]; }

    [[nodiscard]] DictionaryCode codeOf(const QString& text) const {
        DictionaryCode candidate = 0;
        const bool found = m_codes.find(qHash(text, 0), [&](quint32 code) {
            candidate = code;
            return m_entries[code - 1].text == text;
        });
        return found ? candidate : 0;
    }

    [[nodiscard]] DictionaryCode codeFor(const QString& text, const QStringList& list = {}) {
        if (const DictionaryCode known = codeOf(text)) {
            return known;
        }
        m_entries.append({text, foldedUtf8(list.isEmpty() ? text : list.join(u'\n')), list});
        const auto code = static_cast<DictionaryCode>(m_entries.size());
        m_codes.add({{qHash(text, 0), code}});
        return code;
    }

 private:
    SharedVector<Entry> m_entries;
    SharedMap m_codes;
};

/// Campaigns: the name belongs to the id, so a campaign renamed at the provider is renamed in every row at once.
class CampaignTable final {
 public:
    struct Entry {
        QString account;
        std::optional<QString> id;
        std::optional<QString> name;
        std::string foldedId;
        std::string foldedName;
    };

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const Entry& operator[](DictionaryCode code) const { return m_entries[code - 1]; }

    /// 0 when a call belongs to no campaign. A name that is missing now does not forget the known one.
    [[nodiscard]] DictionaryCode codeFor(const QString& account, const std::optional<QString>& id,
                                         const std::optional<QString>& name) {
        if (!id && !name) {
            return 0;
        }
        // Without an id only the name tells campaigns apart.
        const size_t hash = qHashMulti(0, account, id.has_value(), id ? *id : *name);
        DictionaryCode code = 0;
        const bool known = m_codes.find(hash, [&](quint32 candidate) {
            code = candidate;
            const Entry& entry = m_entries[candidate - 1];
            return entry.account == account && entry.id == id && (id || entry.name == name);
        });
        if (!known) {
            m_entries.append(made(account, id, name));
            code = static_cast<DictionaryCode>(m_entries.size());
            m_codes.add({{hash, code}});
        } else if (name && m_entries[code - 1].name != name) {
            m_entries.set(code - 1, made(account, id, name));
        }
        return code;
    }

 private:
    static Entry made(const QString& account, const std::optional<QString>& id, const std::optional<QString>& name) {
        return {account, id, name, foldedUtf8(id.value_or(QString())), foldedUtf8(name.value_or(QString()))};
    }
    SharedVector<Entry> m_entries;
    SharedMap m_codes;
};

}  // namespace earmark
