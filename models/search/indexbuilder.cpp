#include "models/search/indexbuilder.h"

#include <cmath>

namespace earmark {

namespace {

std::optional<qint64> ms(const std::optional<Moment>& moment) {
    return moment ? std::optional(toMs(*moment)) : std::nullopt;
}

/// JSON has no NaN and no infinity; should one come all the same, it is no value that could be compared or sorted.
std::optional<double> measured(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? value : std::nullopt;
}

void writeText(TextColumn& column, std::size_t at, const std::optional<QString>& text) {
    if (!text) {
        column.set(at, std::nullopt, {});
        return;
    }
    std::string raw = text->toStdString();
    const bool isPlain = std::all_of(
        raw.begin(), raw.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z'); });
    if (isPlain) {  // ids and numbers: folded already
        column.set(at, raw, raw);
    } else {
        column.set(at, raw, foldedUtf8(*text));
    }
}

std::shared_ptr<const ReviewRecord> recordOf(const Review& review, bool isTold) {
    if (review == Review() && !isTold) {
        return nullptr;
    }
    auto record = std::make_shared<ReviewRecord>();
    record->review = review;
    record->isTold = isTold;
    if (review.notes && review.notes->value) {
        record->foldedNotes = foldedUtf8(*review.notes->value);
    }
    if (review.flag) {
        record->foldedFlag = foldedUtf8(*review.flag);
    }
    return record;
}

bool isAnswered(const Call& call) {
    return call.answerTime || call.agentConnectTime || call.talkSeconds.value_or(0) > 0;
}

/// An unambiguous spelling of a list, to look it up by.
QString spelling(const QStringList& tags) {
    QString text;
    for (const QString& tag : tags) {
        text += QString::number(tag.size()) + u':' + tag;
    }
    return text;
}

}  // namespace

IndexBuilder::IndexBuilder(const CallIndex::Private& from)
    : d(std::make_shared<CallIndex::Private>(from)), m_written(from.segments.size()) {}

Segment& IndexBuilder::writable(RowNumber row) {
    const std::size_t index = row / CallIndex::kSegmentRows;
    if (!m_written[index]) {
        m_written[index] = std::make_shared<Segment>(*d->segments[index]);
        d->segments[index] = m_written[index];
    }
    return *m_written[index];
}

const Segment& IndexBuilder::readable(RowNumber row) const {
    return d->segment(row);
}

std::optional<RowNumber> IndexBuilder::rowOf(qint64 callRow) const {
    if (const auto fresh = m_newRows.constFind(callRow); fresh != m_newRows.constEnd()) {
        return *fresh;
    }
    std::optional<RowNumber> found;
    if (callRow > d->highestCallRow) {
        return found;
    }
    d->rowsByCallRow.find(static_cast<quint64>(callRow), [&](quint32 row) {
        found = row;
        return true;
    });
    return found;
}

CallKey IndexBuilder::keyAt(RowNumber row) const {
    return d->key(row);
}

RowNumber IndexBuilder::appendRow(qint64 callRow) {
    const RowNumber row = d->rows++;
    if (row / CallIndex::kSegmentRows == d->segments.size()) {
        m_written.push_back(std::make_shared<Segment>());
        d->segments.push_back(m_written.back());
    }
    Segment& segment = writable(row);
    segment.callRowsAscend = segment.callRowsAscend && (segment.rows == 0 || callRow > segment.callRows.back());
    d->callRowsAscend = d->callRowsAscend && callRow > d->highestCallRow;
    d->highestCallRow = std::max(d->highestCallRow, callRow);
    segment.callRows.push_back(callRow);
    ++segment.rows;
    m_newRows.insert(callRow, row);
    m_newCallRows.push_back({static_cast<quint64>(callRow), row});
    return row;
}

void IndexBuilder::setLive(RowNumber row, bool isLive) {
    if (d->isLive(row) != isLive) {
        writable(row).bits[Bits::Live].set(CallIndex::Private::offset(row), isLive);
        d->liveRows += isLive ? 1U : ~0U;
    }
}

/// A call that came back under another row id (its account was removed and added again) must not stand twice.
void IndexBuilder::retireOthers(const CallKey& key, quint64 hash, RowNumber except) {
    std::vector<RowNumber> others;
    d->rowsByKey.find(hash, [&](quint32 row) {
        if (row != except && d->isLive(row) && d->key(row) == key) {
            others.push_back(row);
        }
        return false;
    });
    for (auto [at, end] = m_newKeyRows.equal_range(hash); at != end; ++at) {
        if (*at != except && d->isLive(*at) && d->key(*at) == key) {
            others.push_back(*at);
        }
    }
    for (const RowNumber row : others) {
        setLive(row, false);
    }
}

void IndexBuilder::put(const IndexRow& row) {
    const CallKey& key = row.call.call.key;
    const quint64 hash = CallIndex::Private::hashOf(key);
    const auto known = rowOf(row.call.callRow);
    const bool isSameCall = known && keyAt(*known) == key;
    const RowNumber number = known ? *known : appendRow(row.call.callRow);
    if (!isSameCall || !d->isLive(number)) {
        retireOthers(key, hash, number);
    }
    if (!isSameCall) {
        m_newKeys.push_back({hash, number});
        m_newKeyRows.insert(hash, number);
    }
    Segment& segment = writable(number);
    const std::size_t at = CallIndex::Private::offset(number);
    std::shared_ptr<const ReviewRecord> record = recordOf(row.call.review, false);
    if (isSameCall && d->isLive(number)) {
        const auto before = std::find_if(segment.reviews.begin(), segment.reviews.end(),
                                         [at](const Segment::ReviewAt& entry) { return entry.row == at; });
        if (before != segment.reviews.end() && (!record || before->record->isTold)) {
            record = before->record;
        }
    }
    setLive(number, true);
    writeWords(segment, at, row.call.call);
    writeTexts(segment, at, row.call.call);
    writeTimes(segment, at, row.call);
    writeRest(segment, at, row);
    writeReview(segment, at, std::move(record));
}

DictionaryCode IndexBuilder::code(Words column, const std::optional<QString>& text) {
    if (!text) {
        return 0;
    }
    auto& codes = m_cache[column].codes;
    if (const auto known = codes.constFind(*text); known != codes.constEnd()) {
        return *known;
    }
    const DictionaryCode result = d->dictionaries[column].codeFor(*text);
    codes.insert(*text, result);
    return result;
}

DictionaryCode IndexBuilder::tagsCode(const QStringList& tags) {
    return tags.isEmpty() ? 0 : d->dictionaries[Words::Tags].codeFor(spelling(tags), tags);
}

void IndexBuilder::writeWords(Segment& segment, std::size_t at, const Call& call) {
    const auto write = [&](Words column, const std::optional<QString>& text) {
        segment.words[column].set(at, code(column, text));
    };
    write(Words::Account, call.key.account);
    write(Words::StatusRaw, call.statusRaw);
    write(Words::TypeRaw, call.typeRaw);
    write(Words::Source, call.source);
    write(Words::AgentId, call.agentId);
    write(Words::Agent, call.agentName);
    write(Words::OwnNumber, call.ownNumber);
    write(Words::HangupCause, call.hangupCause);
    write(Words::EndReasonRaw, call.endReasonRaw);
    write(Words::AnsweredBy, call.answeredBy);
    write(Words::ProviderDisposition, call.disposition);
    write(Words::Sentiment, call.sentiment);
    write(Words::CostUnit, call.costUnit);
    segment.words[Words::Tags].set(at, tagsCode(call.tags));
    segment.campaigns.set(at, d->campaigns.codeFor(call.key.account, call.campaignId, call.campaignName));
}

void IndexBuilder::writeTexts(Segment& segment, std::size_t at, const Call& call) {
    writeText(segment.texts[Texts::Id], at, call.key.remoteId);
    writeText(segment.texts[Texts::LeadId], at, call.leadId);
    writeText(segment.texts[Texts::Lead], at, call.leadName);
    writeText(segment.texts[Texts::SwitchId], at, call.switchId);
    writeText(segment.texts[Texts::CustomerNumber], at, call.customerNumber);
    const auto numberText = call.customerNumber ? std::optional(numberKey(*call.customerNumber)) : std::nullopt;
    writeText(segment.texts[Texts::CustomerNumberKey], at, numberText);
}

void IndexBuilder::writeTimes(Segment& segment, std::size_t at, const ReviewedCall& reviewed) {
    const Call& call = reviewed.call;
    segment.times[Times::Start].set(at, ms(startTime(call)));
    segment.times[Times::Created].set(at, ms(call.createdTime));
    segment.times[Times::Dial].set(at, ms(call.dialTime));
    segment.times[Times::Ring].set(at, ms(call.ringTime));
    segment.times[Times::Answer].set(at, ms(call.answerTime));
    segment.times[Times::AgentConnect].set(at, ms(call.agentConnectTime));
    segment.times[Times::End].set(at, ms(call.endTime));
    segment.times[Times::Updated].set(at, ms(call.updatedTime));
    segment.times[Times::Unlisted].set(at,
                                       ms(reviewed.unlistedSince ? reviewed.unlistedSince : reviewed.notFoundSince));
}

void IndexBuilder::writeRest(Segment& segment, std::size_t at, const IndexRow& row) {
    const Call& call = row.call.call;
    segment.numbers[Numbers::Ring].set(at, measured(call.ringSeconds));
    segment.numbers[Numbers::Talk].set(at, measured(call.talkSeconds));
    segment.numbers[Numbers::Total].set(at, measured(call.totalSeconds));
    segment.numbers[Numbers::Cost].set(at, measured(call.cost));
    segment.numbers[Numbers::CarrierCost].set(at, measured(call.carrierCost));
    segment.numbers[Numbers::Latency].set(at, measured(call.latencyMs));
    segment.enums[Enums::Provider].set(at, static_cast<quint8>(call.provider));
    segment.enums[Enums::Status].set(at, static_cast<quint8>(call.status));
    segment.enums[Enums::Direction].set(at, static_cast<quint8>(call.direction));
    segment.enums[Enums::EndReason].set(at, static_cast<quint8>(call.endReason));
    segment.bits[Bits::NotFound].set(at, row.call.notFoundSince.has_value());
    segment.bits[Bits::HasSummary].set(at, row.hasSummary);
    segment.bits[Bits::HasProviderNotes].set(at, row.hasProviderNotes);
    segment.bits[Bits::HasNextAction].set(at, row.hasNextAction);
    segment.bits[Bits::HasFieldErrors].set(at, row.hasFieldErrors);
    segment.bits[Bits::RecordingKnown].set(at, call.hasRecording.has_value());
    segment.bits[Bits::HasRecording].set(at, call.hasRecording.value_or(false));
    segment.bits[Bits::TranscriptKnown].set(at, call.hasTranscript.has_value());
    segment.bits[Bits::HasTranscript].set(at, call.hasTranscript.value_or(false));
    segment.bits[Bits::Answered].set(at, isAnswered(call));
}

void IndexBuilder::writeReview(Segment& segment, std::size_t at, std::shared_ptr<const ReviewRecord> record) {
    static const Review kUntouched;
    const Review& review = record ? record->review : kUntouched;
    const auto anyEditIs = [&](auto... states) {
        const auto is = [&](const std::optional<LocalEdit>& edit) { return edit && ((edit->state == states) || ...); };
        return is(review.disposition) || is(review.notes);
    };
    const DictionaryCode own = segment.words[Words::ProviderDisposition].at(at);
    DictionaryCode counts = 0;
    if (review.disposition) {
        counts = code(Words::Disposition, review.disposition->value);
    } else if (own != 0) {
        counts = code(Words::Disposition, d->dictionaries[Words::ProviderDisposition][own].text);
    }
    segment.words[Words::Disposition].set(at, counts);
    const auto state = editState(review);
    segment.enums[Enums::EditState].set(at, state ? static_cast<quint8>(static_cast<int>(*state) + 1) : quint8(0));
    segment.times[Times::Reviewed].set(at, ms(review.reviewedAt));
    segment.bits[Bits::Edited].set(at, isEdited(review));
    segment.bits[Bits::Pending].set(at, anyEditIs(EditState::Waiting, EditState::Sending));
    segment.bits[Bits::Conflict].set(at, anyEditIs(EditState::Conflict));
    segment.bits[Bits::Refused].set(at, anyEditIs(EditState::Refused));
    segment.bits[Bits::NotesEdited].set(at, review.notes.has_value());
    const bool hasLocalNotes = review.notes && review.notes->value && !review.notes->value->isEmpty();
    segment.bits[Bits::HasLocalNotes].set(at, hasLocalNotes);
    segment.bits[Bits::Reviewed].set(at, review.reviewedAt.has_value());
    segment.bits[Bits::Flagged].set(at, review.flag.has_value());
    segment.setReview(at, std::move(record));
}

void IndexBuilder::tellReview(RowNumber row, const Review& review) {
    writeReview(writable(row), CallIndex::Private::offset(row), recordOf(review, true));
}

void IndexBuilder::removeAccount(const QString& account) {
    const DictionaryCode accountCode = d->dictionaries[Words::Account].codeOf(account);
    if (accountCode == 0) {
        return;
    }
    for (RowNumber row = 0; row < d->rows; ++row) {
        if (readable(row).words[Words::Account].at(CallIndex::Private::offset(row)) == accountCode) {
            setLive(row, false);
        }
    }
}

CallIndexPtr IndexBuilder::take() {
    d->rowsByCallRow.add(std::move(m_newCallRows));
    d->rowsByKey.add(std::move(m_newKeys));
    return std::make_shared<const CallIndex>(std::move(d));
}

}  // namespace earmark
