#include "models/targets/filedialect.h"

#include <QCoreApplication>

#include "models/domain/textfold.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/targetanswers.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

/// Named after the month of the edit and not of today: a repeat in another month meets its first attempt.
QString fileName(const QString& account, Moment editedAt, ExportFormat format) {
    return u"earmark-%1-%2.%3"_s.arg(account, toIsoText(editedAt).left(7), word(format));
}

class FileSteps final : public PushSteps {
 public:
    explicit FileSteps(FileStep step) : m_step(std::move(step)) {}

    PushStep first() override { return m_step; }
    PushStep next(const StepAnswer& answer) override {
        if (answer.error) {
            // Unclear or not makes no difference here: a repeat finds what is there already.
            return target::waiting(*answer.error);
        }
        if (m_step.record.isEmpty()) {
            return target::accepted(Text::tr("%1 can be written to.").arg(isolated(m_step.folder)));
        }
        return target::accepted(answer.place);
    }

 private:
    FileStep m_step;
};

}  // namespace

TargetCapabilities FileDialect::capabilities(const Account&) const {
    TargetCapabilities can;
    can.honoursDelivery = true;
    return can;
}

Result<QByteArray> FileDialect::compose(const Account& account, const OutgoingReview& review) const {
    return account.target.format == ExportFormat::Csv ? reviewCsv(account, review) : reviewJson(account, review) + '\n';
}

std::unique_ptr<PushSteps> FileDialect::push(const Account& account, const OutgoingReview& review,
                                             const QByteArray& frozen, const QByteArray&, bool, Moment) const {
    FileStep step;
    step.folder = account.target.folder;
    // As it was when the record was frozen: the setting may have changed since.
    step.format = frozen.startsWith('{') ? ExportFormat::JsonLines : ExportFormat::Csv;
    step.file = fileName(account.name, review.delivery.editedAt, step.format);
    step.record = frozen;
    step.delivery = review.delivery.id;
    return std::make_unique<FileSteps>(std::move(step));
}

std::unique_ptr<PushSteps> FileDialect::test(const Account& account, const QByteArray&, Moment now) const {
    FileStep step;
    step.folder = account.target.folder;
    step.format = account.target.format;
    step.file = fileName(account.name, now, step.format);
    return std::make_unique<FileSteps>(std::move(step));
}

}  // namespace earmark
