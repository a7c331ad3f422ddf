#include "models/tables/transcriptmodel.h"

#include <QDateTime>
#include <algorithm>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kToolLine = 120;        ///< folded: enough to tell one use from another
constexpr qsizetype kSpokenLength = 1'000;  ///< what a screen reader is given of a turn

QString toolLine(const Turn& turn) {
    const ToolUse& tool = *turn.tool;
    const bool answered = turn.kind == TurnKind::ToolOutput;
    const QString& first = answered ? tool.output : tool.arguments;
    const QString& what = first.isEmpty() ? turn.text : first;
    const QString line = shownText(QStringView(what).left(4 * kToolLine).trimmed(), kToolLine);
    const bool repeats = !tool.name.isEmpty() && line.startsWith(tool.name);
    const QString name = tool.name.isEmpty() || repeats ? QString() : shownText(tool.name, kToolLine) + u"  "_s;
    return name + line;
}

}  // namespace

QString speakerText(const Turn& turn) {
    if (turn.kind == TurnKind::Interruption) {
        return TranscriptModel::tr("Interruption");
    }
    if (turn.kind == TurnKind::ToolCall) {
        return TranscriptModel::tr("Tool called");
    }
    if (turn.kind == TurnKind::ToolOutput) {
        return TranscriptModel::tr("Tool answered");
    }
    switch (turn.speaker) {
        case Speaker::Agent:
            return TranscriptModel::tr("Agent");
        case Speaker::Customer:
            return TranscriptModel::tr("Customer");
        case Speaker::System:
            return TranscriptModel::tr("System");
        case Speaker::Tool:
            return TranscriptModel::tr("Tool");
        case Speaker::Unknown:
            break;
    }
    return turn.speakerRaw.trimmed().isEmpty() ? TranscriptModel::tr("Speaker not told")
                                               : shownText(turn.speakerRaw, 40);
}

QString timeText(const Turn& turn) {
    if (turn.offset) {
        const qint64 seconds = turn.offset->count() / 1000;
        const QString clock =
            seconds >= 3600
                ? QString::asprintf("%lld:%02lld:%02lld", static_cast<long long>(seconds / 3600),
                                    static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60))
                : QString::asprintf("%lld:%02lld", static_cast<long long>(seconds / 60),
                                    static_cast<long long>(seconds % 60));
        return turn.isEstimated ? u"≈ "_s + clock : clock;
    }
    return turn.at ? QDateTime::fromMSecsSinceEpoch(toMs(*turn.at)).toString(u"HH:mm:ss"_s) : QString();
}

bool isQuiet(const Turn& turn) {
    return turn.kind != TurnKind::Message || turn.speaker == Speaker::System || turn.speaker == Speaker::Tool;
}

QString turnText(const Turn& turn) {
    return turn.tool ? toolLine(turn) : turn.text;
}

void TranscriptModel::setDetails(std::shared_ptr<const CallDetails> details) {
    beginResetModel();
    m_details = std::move(details);
    m_estimated.clear();
    m_heard = -1;
    m_hasTimes = false;
    m_hasEstimates = false;
    if (m_details) {
        for (const Turn& turn : m_details->transcript) {
            m_hasTimes = m_hasTimes || turn.at || turn.offset;
            m_hasEstimates = m_hasEstimates || (turn.offset && turn.isEstimated);
        }
    }
    endResetModel();
}

const Turn& TranscriptModel::turn(int row) const {
    return m_details->transcript[size_t(row)];
}

bool TranscriptModel::setEstimated(std::vector<std::optional<std::chrono::milliseconds>> begins) {
    const bool isAny = std::any_of(begins.begin(), begins.end(), [](const auto& begin) { return begin.has_value(); });
    if (!isAny) {
        begins.clear();
    }
    if (begins == m_estimated) {
        return false;
    }
    m_estimated = std::move(begins);
    return true;
}

Turn TranscriptModel::timedTurn(int row) const {
    Turn timed = turn(row);
    if (!timed.offset && size_t(row) < m_estimated.size() && m_estimated[size_t(row)]) {
        timed.offset = m_estimated[size_t(row)];
        timed.isEstimated = true;
    }
    return timed;
}

int TranscriptModel::rows() const {
    return m_details ? int(m_details->transcript.size()) : 0;
}

qsizetype TranscriptModel::length(int row) const {
    return turn(row).tool ? kToolLine / 2 : turn(row).text.size();
}

QString TranscriptModel::shownRow(int row) const {
    const Turn& one = turn(row);
    return one.tool ? toolLine(one) : shownParagraphs(QStringView(one.text).left(kMostShown)).left(kMostShown);
}

bool TranscriptModel::isCut(int row) const {
    const Turn& one = turn(row);
    return !one.tool && (one.text.size() > kMostShown || shownParagraphs(one.text).size() > kMostShown);
}

std::function<QString(int)> TranscriptModel::textReader() const {
    return [details = m_details](int row) {
        const Turn& one = details->transcript[size_t(row)];
        return one.tool ? toolLine(one) : shownParagraphs(one.text);
    };
}

QString TranscriptModel::copiedText(int first, int last) const {
    const auto line = [](const Turn& turn) -> QString {
        const QString time = timeText(turn);
        return speakerText(turn) + (time.isEmpty() ? QString() : u" ("_s + time + u')') + u": "_s +
               (turn.tool ? turn.tool->name + u' ' + turn.tool->arguments +
                                (turn.tool->output.isEmpty() ? QString() : u" → "_s + turn.tool->output)
                          : turn.text);
    };
    QString text;
    for (int row = std::max(first, 0); row <= last && row < rows(); ++row) {
        text += (text.isEmpty() ? QString() : u"\n"_s) + line(timedTurn(row));
    }
    return text;
}

QVariant TranscriptModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rows()) {
        return {};
    }
    const Turn one = timedTurn(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return shownRow(index.row());
        case Qt::AccessibleTextRole: {
            const QString time = timeText(one);
            const QString when = time.isEmpty()                  ? QString()
                                 : one.offset && one.isEstimated ? u", "_s + tr("%1, estimated").arg(time.mid(2))
                                                                 : u", "_s + time;
            const QString heard = index.row() == m_heard ? u", "_s + tr("heard now") : QString();
            return QString(speakerText(one) + when + heard + u": "_s + shownText(turnText(one), kSpokenLength));
        }
        case SpeakerRole:
            return word(one.speaker);
        case KindRole:
            return word(one.kind);
        case AtRole:
            return one.at ? QVariant(toMs(*one.at)) : QVariant();
        case OffsetRole:
            return one.offset ? QVariant(qint64(one.offset->count())) : QVariant();
        case EstimatedRole:
            return one.isEstimated;
        case ToolRole:
            return one.tool ? one.tool->name : QString();
        default:
            return {};
    }
}

}  // namespace earmark
