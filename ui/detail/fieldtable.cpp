#include "ui/detail/fieldtable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const FieldError* errorOf(const Call& call, const QString& path) {
    const auto found = std::find_if(call.fieldErrors.begin(), call.fieldErrors.end(),
                                    [&](const FieldError& error) { return error.path == path; });
    return found == call.fieldErrors.end() ? nullptr : &*found;
}

TableLine lineOf(const ReviewedCall& reviewed, Field field) {
    const Call& call = reviewed.call;
    TableLine line{fieldLabel(field), valueText(value(reviewed, field), info(field).kind), {}, Tone::Quiet};
    const QString name = providerNameOf(call.provider, field);
    const Provenance from = provenance(reviewed, field);
    if (const FieldError* error = errorOf(call, name); error != nullptr && from != Provenance::Edited) {
        line.remark = FieldTable::tr("invalid: %1").arg(shownText(error->problem, 200));
        line.tone = Tone::Bad;
    } else if (from == Provenance::NotOffered || !offers(call.provider, field)) {
        line.remark = FieldTable::tr("not offered by %1").arg(providerName(call.provider));
    } else if (std::holds_alternative<std::monostate>(value(reviewed, field))) {
        line.remark = FieldTable::tr("no value");
    } else if (line.value.isEmpty()) {
        line.remark = FieldTable::tr("empty text");
    } else if (call.zoneAssumed.contains(name) && info(field).kind == FieldKind::Time) {
        line.remark = FieldTable::tr("time zone assumed");
        line.tone = Tone::Warning;
    }
    return line;
}

/// In the order in which they are shown.
constexpr std::array kOrigins{Provenance::Edited, Provenance::Provider, Provenance::Computed, Provenance::NotOffered};

}  // namespace

QString originText(Provenance provenance, Provider provider) {
    switch (provenance) {
        case Provenance::Provider:
            return FieldTable::tr("%1 says").arg(providerName(provider));
        case Provenance::Computed:
            return FieldTable::tr("Computed here");
        case Provenance::Edited:
            return FieldTable::tr("Edited by you");
        case Provenance::NotOffered:
            return FieldTable::tr("Not offered by %1").arg(providerName(provider));
    }
    return {};
}

std::vector<TableLine> FieldTable::linesOf(const ReviewedCall& call) {
    std::vector<TableLine> lines;
    QStringList known;
    for (const Provenance origin : kOrigins) {
        const size_t heading = lines.size();
        lines.push_back({.name = originText(origin, call.call.provider), .isHeading = true});
        QStringList missing;
        for (const FieldInfo& field : allFields()) {
            if (provenance(call, field.field) != origin) {
                continue;
            }
            known << providerNameOf(call.call.provider, field.field);
            TableLine line = lineOf(call, field.field);
            if (origin == Provenance::NotOffered && line.value.isEmpty() && line.tone == Tone::Quiet) {
                missing << line.name;  // one sentence, not twenty empty lines
            } else {
                lines.push_back(std::move(line));
            }
        }
        if (!missing.isEmpty()) {
            lines.push_back({.remark = missing.join(u", "_s), .isWide = true});
        }
        if (lines.size() == heading + 1) {
            lines.pop_back();
        }
    }
    std::vector<TableLine> odd;
    for (const FieldError& error : call.call.fieldErrors) {
        if (!known.contains(error.path)) {
            odd.push_back(
                {shownText(error.path, 80), {}, tr("invalid: %1").arg(shownText(error.problem, 200)), Tone::Bad});
        }
    }
    if (!odd.empty()) {
        lines.push_back({.name = tr("Not as documented"), .isHeading = true});
        lines.insert(lines.end(), odd.begin(), odd.end());
    }
    return lines;
}

FieldTable::FieldTable(QWidget* parent) : QWidget(parent), m_table(new LineTable) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(m_table);
    auto* copy = new QPushButton(tr("Copy all fields"));
    copy->setIcon(icon(u"copy"_s));
    column->addWidget(copy, 0, Qt::AlignLeading);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
}

void FieldTable::setCall(const ReviewedCall& call) {
    m_table->setLines(linesOf(call));
}

QString FieldTable::asText() const {
    return m_table->asText();
}

}  // namespace earmark
