// Makes the next snapshot of the call index from the last one: copies only the segments it writes to. One thread, one
// use; the snapshot it came from is never touched.
#pragma once

#include <QHash>
#include <memory>
#include <vector>

#include "models/search/callindexdata.h"

namespace earmark {

class IndexBuilder final {
 public:
    explicit IndexBuilder(const CallIndex::Private& from);
    Q_DISABLE_COPY_MOVE(IndexBuilder)

    void put(const IndexRow& row);
    void tellReview(RowNumber row, const Review& review);
    void removeAccount(const QString& account);
    [[nodiscard]] CallIndexPtr take();

 private:
    struct WordsCache {
        QHash<QString, DictionaryCode> codes;
    };

    [[nodiscard]] Segment& writable(RowNumber row);
    [[nodiscard]] const Segment& readable(RowNumber row) const;
    [[nodiscard]] std::optional<RowNumber> rowOf(qint64 callRow) const;
    [[nodiscard]] CallKey keyAt(RowNumber row) const;
    [[nodiscard]] RowNumber appendRow(qint64 callRow);
    void retireOthers(const CallKey& key, quint64 hash, RowNumber except);
    void setLive(RowNumber row, bool isLive);

    [[nodiscard]] DictionaryCode code(Words column, const std::optional<QString>& text);
    [[nodiscard]] DictionaryCode tagsCode(const QStringList& tags);
    void writeWords(Segment& segment, std::size_t at, const Call& call);
    void writeTexts(Segment& segment, std::size_t at, const Call& call);
    void writeTimes(Segment& segment, std::size_t at, const ReviewedCall& reviewed);
    void writeRest(Segment& segment, std::size_t at, const IndexRow& row);
    void writeReview(Segment& segment, std::size_t at, std::shared_ptr<const ReviewRecord> record);

    std::shared_ptr<CallIndex::Private> d;
    std::vector<std::shared_ptr<Segment>> m_written;  ///< parallel to the segments; nullptr = still the old one
    std::vector<SharedMap::Entry> m_newCallRows;
    std::vector<SharedMap::Entry> m_newKeys;
    QHash<qint64, RowNumber> m_newRows;
    QMultiHash<quint64, RowNumber> m_newKeyRows;  ///< by hash of the key
    ColumnSet<Words, WordsCache> m_cache;
};

}  // namespace earmark
