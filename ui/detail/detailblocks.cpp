#include "ui/detail/detailblocks.h"

#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "models/domain/fields.h"
#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t kMostLines = 200;  ///< of a block; each costs several widgets
constexpr qsizetype kLongestName = 80;

QString nameText(const QString& name) {
    return name.isEmpty() ? DetailBlocks::tr("(no name)") : shownText(name, kLongestName);
}

/// The value, or in the remark why there is none.
TableLine lineOf(const QString& name, const std::optional<QString>& value) {
    TableLine line{.name = nameText(name), .value = value.value_or(QString())};
    if (!value) {
        line.remark = DetailBlocks::tr("no value");
    } else if (value->isEmpty()) {
        line.remark = DetailBlocks::tr("empty text");
    }
    return line;
}

void remark(TableLine& line, const QString& text) {
    if (!text.isEmpty()) {
        line.remark += (line.remark.isEmpty() ? QString() : u" · "_s) + text;
    }
}

template <typename List, typename Make>
std::vector<TableLine> linesOf(const List& list, const Make& make) {
    std::vector<TableLine> lines;
    for (const auto& entry : list) {
        if (lines.size() == kMostLines) {
            lines.push_back({.remark = DetailBlocks::tr("%1 more stand in the tab Raw.")
                                           .arg(QLocale().toString(qulonglong(list.size() - kMostLines))),
                             .isWide = true});
            break;
        }
        lines.push_back(make(entry));
    }
    return lines;
}

QString latencyPart(const QString& part) {
    static const std::array<std::pair<QString, const char*>, 5> kParts{{
        {u"transcriber"_s, QT_TRANSLATE_NOOP("DetailBlocks", "Transcriber")},
        {u"agent"_s, QT_TRANSLATE_NOOP("DetailBlocks", "Agent")},
        {u"synthesizer"_s, QT_TRANSLATE_NOOP("DetailBlocks", "Synthesizer")},
        {u"turn"_s, QT_TRANSLATE_NOOP("DetailBlocks", "Turn")},
        {u"turn_average"_s, QT_TRANSLATE_NOOP("DetailBlocks", "Turn, average")},
    }};
    for (const auto& [word, name] : kParts) {
        if (word == part) {
            return DetailBlocks::tr(name);
        }
    }
    return nameText(part);
}

QString money(double amount, const std::optional<QString>& unit) {
    const QString number = QLocale().toString(amount, 'g', 12);
    return unit && !unit->trimmed().isEmpty() ? number + u' ' + shownText(*unit, 40)
                                              : DetailBlocks::tr("%1 (unit not stated)").arg(number);
}

struct PartName {
    DetailPart part;
    const char* name;
};
constexpr std::array kPartNames{
    PartName{DetailPart::Metrics, QT_TRANSLATE_NOOP("DetailBlocks", "metrics")},
    PartName{DetailPart::Feedback, QT_TRANSLATE_NOOP("DetailBlocks", "the caller's feedback")},
    PartName{DetailPart::Variables, QT_TRANSLATE_NOOP("DetailBlocks", "variables")},
    PartName{DetailPart::Latency, QT_TRANSLATE_NOOP("DetailBlocks", "latency")},
    PartName{DetailPart::WebhookAnswer, QT_TRANSLATE_NOOP("DetailBlocks", "webhook answer")},
};

bool isThere(const CallDetails& details, DetailPart part) {
    switch (part) {
        case DetailPart::Transcript:
            return !details.transcript.empty();
        case DetailPart::Metrics:
            return !details.metrics.empty();
        case DetailPart::Variables:
            return !details.variables.empty();
        case DetailPart::Latency:
            return !details.latency.empty();
        case DetailPart::Feedback:
            return !feedbackLines(details).empty();
        case DetailPart::WebhookAnswer:
            return details.webhookAnswer.has_value();
        case DetailPart::TurnTimes:
        case DetailPart::ToolCalls:
        case DetailPart::Count:
            break;
    }
    return false;
}

}  // namespace

std::vector<TableLine> metricLines(const CallDetails& details) {
    return linesOf(details.metrics, [](const Metric& metric) {
        TableLine line = lineOf(metric.name, metric.value);
        if (metric.confidence) {
            remark(line, DetailBlocks::tr("confidence %1").arg(QLocale().toString(*metric.confidence, 'g', 3)));
            line.share = *metric.confidence >= 0 && *metric.confidence <= 1 ? metric.confidence : std::nullopt;
        }
        remark(line, metric.reason.value_or(QString()));
        return line;
    });
}

std::vector<TableLine> variableLines(const CallDetails& details) {
    return linesOf(details.variables, [](const Variable& variable) {
        TableLine line = lineOf(variable.name, variable.value);
        remark(line, variable.type);
        remark(line, variable.rationale.value_or(QString()));
        remark(line, variable.description.value_or(QString()));
        return line;
    });
}

std::vector<TableLine> latencyLines(const CallDetails& details) {
    return linesOf(details.latency, [](const Latency& latency) {
        const QString part = latencyPart(latency.part);
        QString name = part;
        if (latency.turn && latency.part == "turn"_L1) {
            name += u' ' + QString::number(*latency.turn);
        } else if (latency.turn) {
            name += u", "_s + DetailBlocks::tr("turn %1").arg(*latency.turn);
        }
        return TableLine{.name = name, .value = DetailBlocks::tr("%1 ms").arg(QLocale().toString(latency.ms, 'g', 6))};
    });
}

std::vector<TableLine> feedbackLines(const CallDetails& details) {
    std::vector<TableLine> lines;
    if (details.feedback && details.feedback->stars) {
        lines.push_back(
            {.name = DetailBlocks::tr("Stars"),
             .value = DetailBlocks::tr("%1 of 5").arg(QLocale().toString(*details.feedback->stars, 'g', 3))});
    }
    if (details.feedback && details.feedback->notes) {
        lines.push_back(lineOf(DetailBlocks::tr("In words"), details.feedback->notes));
    }
    return lines;
}

std::vector<TableLine> otherLines(const CallDetails& details) {
    return linesOf(details.others, [](const OtherValue& other) { return lineOf(other.name, other.value); });
}

std::vector<TableLine> costLines(const Call& call) {
    std::vector<TableLine> lines;
    if (call.cost) {
        lines.push_back({.name = fieldLabel(Field::Cost), .value = money(*call.cost, call.costUnit)});
    }
    if (call.carrierCost) {
        lines.push_back({.name = fieldLabel(Field::CarrierCost), .value = money(*call.carrierCost, std::nullopt)});
    }
    return lines;
}

QString missingText(const Call& call, const CallDetails& details, bool areMissing) {
    QStringList empty;
    QStringList notOffered;
    for (const PartName& part : kPartNames) {
        if (!isThere(details, part.part)) {
            (offers(call.provider, part.part) ? empty : notOffered) << DetailBlocks::tr(part.name);
        }
    }
    if (call.tags.isEmpty()) {
        (offers(call.provider, Field::Tags) ? empty : notOffered) << DetailBlocks::tr("tags");
    }
    if (!call.cost && !call.carrierCost) {
        (offers(call.provider, Field::Cost) ? empty : notOffered) << DetailBlocks::tr("costs");
    }
    QStringList sentences;
    if (areMissing) {
        sentences << DetailBlocks::tr("More comes with the call's details, which were not fetched yet.");
    } else if (!empty.isEmpty()) {
        sentences << DetailBlocks::tr("Nothing told of: %1.").arg(empty.join(u", "_s));
    }
    if (!notOffered.isEmpty()) {
        sentences
            << DetailBlocks::tr("Not offered by %1: %2.").arg(providerName(call.provider), notOffered.join(u", "_s));
    }
    return sentences.join(u' ');
}

CallDetails withoutShownAbove(const Call& call, const CallDetails& details) {
    CallDetails rest;
    const std::array<std::pair<QString, const std::optional<QString>*>, 3> above{
        {{u"summary"_s, &call.summary}, {u"sentiment"_s, &call.sentiment}, {u"next_action"_s, &call.nextAction}}};
    for (const Metric& metric : details.metrics) {
        const bool isBare = metric.value && !metric.confidence && !metric.reason;
        const bool isAbove = std::any_of(above.begin(), above.end(), [&metric](const auto& shown) {
            return metric.name.compare(shown.first, Qt::CaseInsensitive) == 0 && metric.value == *shown.second;
        });
        if (call.provider != Provider::Autocalls || !isBare || !isAbove) {
            rest.metrics.push_back(metric);
        }
    }
    return rest;
}

DetailBlocks::DetailBlocks(QWidget* parent) : QWidget(parent), m_absent(new ToneLabel(Tone::Quiet)) {
    m_metrics = makeBlock(tr("Metrics"), false);
    m_feedback = makeBlock(tr("The caller's feedback"), false);
    m_costs = makeBlock(tr("Costs"), false);
    m_variables = makeBlock(tr("Variables"), true);
    m_latency = makeBlock(tr("Latency"), true);
    m_others = makeBlock(tr("Other values"), true);
    m_webhook = new LongTextView;
    m_webhook->setMaximumLines(16);
    m_webhook->area()->setAccessibleName(tr("Webhook answer"));
    m_webhookSection = new Disclosure(tr("Webhook answer"), m_webhook);
    connect(m_webhookSection, &Disclosure::opened, this, [this] { m_webhook->setText(m_webhookText); });

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * theme::space());
    for (QWidget* part : {m_metrics.whole, m_feedback.whole, m_costs.whole, m_variables.whole, m_latency.whole,
                          static_cast<QWidget*>(m_webhookSection), m_others.whole, static_cast<QWidget*>(m_absent)}) {
        column->addWidget(part);
        part->hide();
    }
    for (Block* block : {&m_variables, &m_latency, &m_others}) {
        connect(block->section, &Disclosure::opened, this, [block] { block->table->setLines(block->lines); });
    }
}

DetailBlocks::Block DetailBlocks::makeBlock(const QString& title, bool isFolded) {
    Block block;
    block.title = title;
    block.table = new LineTable;
    if (isFolded) {
        block.section = new Disclosure(title, block.table);
        block.whole = block.section;
        return block;
    }
    block.whole = new QWidget;
    auto* column = new QVBoxLayout(block.whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    block.heading = makeHeading(title);
    column->addWidget(block.heading);
    column->addWidget(block.table);
    return block;
}

void DetailBlocks::fill(Block& block, std::vector<TableLine> lines) {
    block.whole->setVisible(!lines.empty());
    if (lines == block.lines) {
        return;
    }
    block.lines = std::move(lines);
    if (block.section == nullptr) {
        block.table->setLines(block.lines);
        return;
    }
    block.section->setTitle(tr("%1 (%2)").arg(block.title, QLocale().toString(qulonglong(block.lines.size()))));
    if (block.section->isOpen()) {
        block.table->setLines(block.lines);
    }
}

void DetailBlocks::fillWebhook(const CallDetails& details) {
    m_webhookText = details.webhookAnswer ? QString::fromUtf8(*details.webhookAnswer) : QString();
    m_webhookSection->setVisible(details.webhookAnswer.has_value());
    if (m_webhookSection->isOpen()) {
        m_webhook->setText(m_webhookText);
    }
}

void DetailBlocks::setCall(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing) {
    fill(m_costs, costLines(call));
    const CallDetails none;
    const CallDetails& told = details ? *details : none;
    m_metrics.heading->setText(call.provider == Provider::Autocalls ? tr("Evaluation") : tr("Metrics"));
    fill(m_metrics, metricLines(withoutShownAbove(call, told)));
    fill(m_feedback, feedbackLines(told));
    fill(m_variables, variableLines(told));
    fill(m_latency, latencyLines(told));
    fill(m_others, otherLines(told));
    fillWebhook(told);
    const QString missing = details ? missingText(call, told, areMissing) : QString();
    m_absent->setText(missing);
    m_absent->setVisible(!missing.isEmpty());
}

QString DetailBlocks::absenceText() const {
    return m_absent->isHidden() ? QString() : m_absent->text();
}

}  // namespace earmark
