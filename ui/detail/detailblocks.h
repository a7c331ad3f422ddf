// What a provider tells beyond the row, in the pane: metrics, the caller's feedback, costs, variables, latency, webhook
// answer, other values. A block is there only when it has something to say; what is missing is said once. Main thread
// only.
#pragma once

#include <QWidget>
#include <memory>

#include "models/domain/calldetails.h"
#include "ui/detail/linetable.h"

namespace earmark {

class LongTextView;

/// The lines of each block, without widgets.
[[nodiscard]] std::vector<TableLine> metricLines(const CallDetails& details);
[[nodiscard]] std::vector<TableLine> variableLines(const CallDetails& details);
[[nodiscard]] std::vector<TableLine> latencyLines(const CallDetails& details);
[[nodiscard]] std::vector<TableLine> feedbackLines(const CallDetails& details);
[[nodiscard]] std::vector<TableLine> otherLines(const CallDetails& details);
/// Cost and carrier cost apart, each with its unit: two prices whose units are not known are never one sum.
[[nodiscard]] std::vector<TableLine> costLines(const Call& call);
/// Its metrics without those that Autocalls' evaluation gave the AI block above: nothing is told twice.
[[nodiscard]] CallDetails withoutShownAbove(const Call& call, const CallDetails& details);
/// What has no value here and what the provider does not offer, two sentences at most; "" when all is there.
[[nodiscard]] QString missingText(const Call& call, const CallDetails& details, bool areMissing);

class DetailBlocks final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailBlocks)

 public:
    explicit DetailBlocks(QWidget* parent = nullptr);
    /// `details` null: being read; what is shown of the same call stays.
    void setCall(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing);
    [[nodiscard]] QString absenceText() const;

 private:
    struct Block {
        QWidget* whole = nullptr;
        LineTable* table = nullptr;
        Disclosure* section = nullptr;  ///< null: always open
        PlainLabel* heading = nullptr;  ///< where there is no section
        QString title;
        std::vector<TableLine> lines;
    };
    [[nodiscard]] Block makeBlock(const QString& title, bool isFolded);
    void fill(Block& block, std::vector<TableLine> lines);
    void fillWebhook(const CallDetails& details);

    Block m_metrics;
    Block m_feedback;
    Block m_costs;
    Block m_variables;
    Block m_latency;
    Block m_others;
    LongTextView* m_webhook;
    Disclosure* m_webhookSection;
    QString m_webhookText;
    ToneLabel* m_absent;
};

}  // namespace earmark
