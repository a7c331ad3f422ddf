// Where an account's edits go, as the supervisor has set it; never its secret. Plain data, any thread.
#pragma once

#include <QMap>
#include <QString>
#include <QUrl>
#include <optional>

namespace earmark {

enum class ReviewField;

/// None: edits are kept on this computer, a lawful end.
enum class TargetKind { None, File, Webhook, AutocallsLead };
/// "none", "file", "webhook", "autocalls-lead": the words of the command line and of `pending`.
[[nodiscard]] QString word(TargetKind kind);
[[nodiscard]] std::optional<TargetKind> targetKindFromWord(const QString& text);
/// "nowhere", "a file", "a webhook", "the Autocalls lead": for sentences, translated.
[[nodiscard]] QString targetName(TargetKind kind);

enum class ExportFormat { Csv, JsonLines };
/// "csv", "jsonl"
[[nodiscard]] QString word(ExportFormat format);
[[nodiscard]] std::optional<ExportFormat> exportFormatFromWord(const QString& text);

struct TargetSettings {
    TargetKind kind = TargetKind::None;
    QString folder;                           ///< File: absolute
    ExportFormat format = ExportFormat::Csv;  ///< File
    QUrl url;                                 ///< Webhook: https, or http to a loopback address; no user info
    bool withNotes = false;                   ///< AutocallsLead: notes too; prompts can read variables
    bool sendsByItself = true;                ///< false: only when asked (button, F5, `earmark sync`)
    bool onlyMapped = false;                  ///< a code without a mapping is refused here instead of sent as it is
    QMap<QString, QString> mapping;           ///< our disposition code -> the target's word

    friend bool operator==(const TargetSettings&, const TargetSettings&) = default;
};

/// Whether edits of this field travel there at all. Reviewed and flagged are facts of this desk and never do.
[[nodiscard]] bool takes(const TargetSettings& target, ReviewField field);
/// Where it goes, for people and without anything secret: the folder, the host and path of the address, the provider's
/// leads. "" for None.
[[nodiscard]] QString destinationText(const TargetSettings& target);
/// Under which name a KeySource keeps the secret of an account's target; cannot be the name of an account.
[[nodiscard]] QString targetSecretName(const QString& account);

}  // namespace earmark
