#include "models/sync/pushreport.h"

namespace earmark {

PushOutcome outcomeOf(const PushReport& report) {
    const bool isLeft = report.waiting > 0 || report.refused > 0 || report.conflicts > 0;
    if (report.error && report.sent == 0) {
        return PushOutcome::Failed;
    }
    return isLeft || report.error ? PushOutcome::Partly : PushOutcome::Complete;
}

}  // namespace earmark
