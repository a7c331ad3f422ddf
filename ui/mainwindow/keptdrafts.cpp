#include "ui/mainwindow/keptdrafts.h"

#include <QLocale>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/tables/calltablemodel.h"
#include "ui/calltable/calltable.h"
#include "ui/filter/filterline.h"
#include "ui/mainwindow/messagestrip.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kMessage = u"drafts"_s;
constexpr qsizetype kShownId = 24;
}  // namespace

KeptDrafts::KeptDrafts(const Places& places, QObject* parent) : QObject(parent), m_at(places) {}

void KeptDrafts::announce() {
    if (!std::exchange(m_announced, true)) {
        m_at.store->loadDrafts(this, [this](const Result<std::vector<Draft>>& drafts) {
            if (drafts) {
                say(*drafts);
            }
        });
    }
}

/// A call that was shown already has its text before the user's eyes; one that is gone cannot be gone to.
void KeptDrafts::say(const std::vector<Draft>& drafts) {
    std::vector<CallKey> left;
    const CallIndexPtr index = m_at.calls->index();
    for (const Draft& draft : drafts) {
        if (!m_seen.contains(draft.key) && index->find(draft.key) &&
            std::find(left.begin(), left.end(), draft.key) == left.end()) {
            left.push_back(draft.key);
        }
    }
    if (left.empty()) {
        m_at.messages->remove(kMessage);
        return;
    }
    const QString sentence =
        left.size() == 1
            ? tr("Text typed for call %1 was not saved when Earmark ended. It is kept as a draft: go there to save it "
                 "(Ctrl+S) or to take it back (Esc).")
                  .arg(isolated(shownText(left.front().remoteId, kShownId)))
            : tr("Text typed for %1 calls was not saved when Earmark ended. It is kept as drafts: go there to save "
                 "them "
                 "(Ctrl+S) or to take them back (Esc).")
                  .arg(QLocale().toString(qint64(left.size())));
    m_at.messages->show(kMessage, MessageKind::Notice, sentence,
                        left.size() == 1 ? tr("Go to the call") : tr("Go to the first"), [this, key = left.front()] {
                            m_seen.insert(key);
                            if (m_at.calls->rowOf(key) < 0) {
                                m_at.filter->clear();
                            }
                            m_at.table->goTo(key);
                            Q_EMIT goingTo(key);
                            goOn();
                        });
}

void KeptDrafts::goOn() {
    m_at.store->loadDrafts(this, [this](const Result<std::vector<Draft>>& drafts) {
        if (drafts) {
            say(*drafts);
        }
    });
}

}  // namespace earmark
