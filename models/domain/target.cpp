#include "models/domain/target.h"

#include <QCoreApplication>

#include "models/domain/review.h"
#include "models/domain/wordtable.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using wordtable::Entry;

constexpr std::array kKinds{
    Entry<TargetKind>{TargetKind::None, "none"},
    Entry<TargetKind>{TargetKind::File, "file"},
    Entry<TargetKind>{TargetKind::Webhook, "webhook"},
    Entry<TargetKind>{TargetKind::AutocallsLead, "autocalls-lead"},
};
constexpr std::array kFormats{
    Entry<ExportFormat>{ExportFormat::Csv, "csv"},
    Entry<ExportFormat>{ExportFormat::JsonLines, "jsonl"},
};

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

}  // namespace

QString word(TargetKind kind) {
    return wordtable::wordOf(kKinds, kind);
}
std::optional<TargetKind> targetKindFromWord(const QString& text) {
    return wordtable::valueOf(kKinds, text);
}
QString word(ExportFormat format) {
    return wordtable::wordOf(kFormats, format);
}
std::optional<ExportFormat> exportFormatFromWord(const QString& text) {
    return wordtable::valueOf(kFormats, text);
}

QString targetName(TargetKind kind) {
    switch (kind) {
        case TargetKind::None:
            return Text::tr("nowhere");
        case TargetKind::File:
            return Text::tr("a file");
        case TargetKind::Webhook:
            return Text::tr("a webhook");
        case TargetKind::AutocallsLead:
            return Text::tr("the Autocalls lead");
    }
    return {};
}

bool takes(const TargetSettings& target, ReviewField field) {
    switch (field) {
        case ReviewField::Disposition:
            return target.kind != TargetKind::None;
        case ReviewField::Notes:
            return target.kind == TargetKind::File || target.kind == TargetKind::Webhook ||
                   (target.kind == TargetKind::AutocallsLead && target.withNotes);
        case ReviewField::Reviewed:
        case ReviewField::Flag:
            return false;
    }
    return false;
}

QString destinationText(const TargetSettings& target) {
    switch (target.kind) {
        case TargetKind::None:
            return {};
        case TargetKind::File:
            return target.folder;
        case TargetKind::Webhook:
            return target.url
                .toString(QUrl::RemoveScheme | QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment |
                          QUrl::FullyEncoded)
                .mid(2);
        case TargetKind::AutocallsLead:
            return Text::tr("leads of the provider");
    }
    return {};
}

QString targetSecretName(const QString& account) {
    return account + u"#target"_s;
}

}  // namespace earmark
