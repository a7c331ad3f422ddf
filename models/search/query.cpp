#include "models/search/query.h"

#include <QCoreApplication>
#include <QLocale>
#include <bit>

#include "models/search/callindexdata.h"
#include "models/search/fieldcolumns.h"
#include "models/search/matcher.h"
#include "models/search/rowsort.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> cancelled() {
    return failure(ErrorKind::Cancelled, {});
}

void appendLiveRows(const Segment& segment, const RowMask& mask, RowNumber first, std::vector<RowNumber>& rows) {
    const std::size_t words = (segment.rows + 63) / 64;
    for (std::size_t word = 0; word < words; ++word) {
        quint64 bits = mask[word] & segment.bits[Bits::Live].word(word);
        for (; bits != 0; bits &= bits - 1) {
            rows.push_back(first + static_cast<RowNumber>(word * 64) + static_cast<RowNumber>(std::countr_zero(bits)));
        }
    }
}

/// A value as `count --by` names it; nullopt for no value.
std::optional<QString> named(const FieldValue& value) {
    if (const auto* text = std::get_if<QString>(&value)) {
        return *text;
    }
    if (const auto* number = std::get_if<double>(&value)) {
        return QString::number(*number, 'g', QLocale::FloatingPointShortest);
    }
    if (const auto* truth = std::get_if<bool>(&value)) {
        return *truth ? u"true"_s : u"false"_s;
    }
    if (const auto* moment = std::get_if<Moment>(&value)) {
        return toIsoText(*moment);
    }
    return std::nullopt;
}

}  // namespace

bool isSortable(Field field) {
    switch (field) {
        case Field::Notes:
        case Field::ProviderNotes:
        case Field::Summary:
        case Field::NextAction:
        case Field::Count:
            return false;
        default:
            return true;
    }
}

Result<std::vector<RowNumber>> runQuery(const CallIndex& index, const Query& query, std::stop_token stop) {
    if (!isSortable(query.sort.field)) {
        return failure(ErrorKind::InvalidInput,
                       QCoreApplication::translate("Query", "Calls cannot be sorted by %1.")
                           .arg(query.sort.field == Field::Count ? QString() : fieldLabel(query.sort.field)));
    }
    if (query.textMatches.size() != static_cast<std::size_t>(query.filter.textLeafCount())) {
        return failure(ErrorKind::Internal, {}, u"the text matches belong to another filter"_s);
    }
    const CallIndex::Private& data = index.data();
    const MatcherPtr matcher =
        query.filter.isEmpty() ? nullptr : matcherFor(*query.filter.root(), data, query.textMatches);
    std::vector<RowNumber> rows;
    RowMask mask;
    for (std::size_t i = 0; i < data.segments.size(); ++i) {
        if (stop.stop_requested()) {
            return cancelled();
        }
        const Segment& segment = *data.segments[i];
        if (matcher) {
            matcher->match(segment, mask);
        } else {
            mask.fill(~quint64(0));
        }
        appendLiveRows(segment, mask, static_cast<RowNumber>(i) * CallIndex::kSegmentRows, rows);
    }
    sortRows(data, rows, query.sort, stop);
    if (stop.stop_requested()) {
        return cancelled();
    }
    return rows;
}

QHash<QString, qint64> countBy(const CallIndex& index, const std::vector<RowNumber>& rows, Field field) {
    QHash<QString, qint64> counts;
    if (!isSortable(field)) {
        return counts;
    }
    const QString none = u"none"_s;
    if (const auto column = wordsColumn(field); column && field != Field::Tags) {
        const CallIndex::Private& data = index.data();
        const Dictionary& dictionary = data.dictionaries[*column];
        std::vector<qint64> byCode(dictionary.size() + 1);
        for (const RowNumber row : rows) {
            ++byCode[data.segment(row).words[*column].at(CallIndex::Private::offset(row))];
        }
        for (DictionaryCode code = 0; code < byCode.size(); ++code) {
            if (byCode[code] > 0) {
                counts[code == 0 ? none : dictionary[code].text] += byCode[code];
            }
        }
        return counts;
    }
    for (const RowNumber row : rows) {
        const FieldValue value = index.value(row, field);
        const auto* list = std::get_if<QStringList>(&value);
        if (!list) {
            ++counts[named(value).value_or(none)];
            continue;
        }
        for (const QString& item : *list) {
            ++counts[item];
        }
        if (list->isEmpty()) {
            ++counts[none];
        }
    }
    return counts;
}

}  // namespace earmark
