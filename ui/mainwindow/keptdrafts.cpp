#include "ui/mainwindow/keptdrafts.h"

#include <QLocale>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/tables/calltablemodel.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/reviewblock.h"
#include "models/domain/timingstory.h"
#include "ui/filter/filterline.h"
#include "ui/mainwindow/messagestrip.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kMessage = u"drafts"_s;
constexpr qsizetype kLongestName = 60;

/// As people know the call: who, of which campaign, when. Ids only where there is nothing else.
QString nameOf(const CallKey& key, const std::optional<ReviewedCall>& read) {
    const auto first = [](std::initializer_list<std::optional<QString>> texts) {
        for (const std::optional<QString>& text : texts) {
            if (text && !text->isEmpty()) {
                return isolated(shownText(*text, kLongestName));
            }
        }
        return QString();
    };
    if (!read) {
        return isolated(shownText(key.remoteId, kLongestName));
    }
    const Call& call = read->call;
    QStringList about;
    if (const QString campaign = first({call.campaignName, call.campaignId}); !campaign.isEmpty()) {
        about << campaign;
    }
    if (const std::optional<Moment> start = startTime(call)) {
        about << longMomentText(*start);
    }
    const QString who = first({call.leadName, call.customerNumber, call.leadId, key.remoteId});
    return about.isEmpty() ? who : who + u" ("_s + about.join(u", "_s) + u')';
}

}  // namespace

KeptDrafts::KeptDrafts(const Places& places, QObject* parent) : QObject(parent), m_at(places) {
    connect(places.review, &ReviewBlock::draftDropped, this, &KeptDrafts::lookAgain);
    connect(places.review, &ReviewBlock::committed, this, &KeptDrafts::lookAgain);
}

void KeptDrafts::announce() {
    if (!std::exchange(m_announced, true)) {
        read();
    }
}

/// Something was decided about a draft: what has gone is spoken of no more.
void KeptDrafts::lookAgain() {
    if (m_isSaid) {
        read();
    }
}

void KeptDrafts::read() {
    m_at.store->loadDrafts(this, [this](const Result<std::vector<Draft>>& drafts) {
        if (drafts) {
            say(*drafts);
        }
    });
}

/// A call that was shown already has its text before the user's eyes; one that is gone cannot be gone to.
void KeptDrafts::say(const std::vector<Draft>& drafts) {
    if (!m_found) {
        m_found.emplace();
        for (const Draft& draft : drafts) {
            m_found->insert(draft.key);
        }
    }
    std::vector<Draft> left;
    const CallIndexPtr index = m_at.calls->index();
    for (const Draft& draft : drafts) {
        const auto isSame = [&draft](const Draft& one) { return one.key == draft.key; };
        if (m_found->contains(draft.key) && !m_seen.contains(draft.key) && index->find(draft.key) &&
            std::none_of(left.begin(), left.end(), isSame)) {
            left.push_back(draft);
        }
    }
    const quint64 mine = ++m_question;
    m_isSaid = !left.empty();
    if (left.empty()) {
        m_at.messages->remove(kMessage);
        return;
    }
    if (left.size() > 1) {
        show(left.front(),
             tr("Text typed for %1 calls was not saved when Earmark ended. It is kept as drafts: go there to save them "
                "(Ctrl+S) or to discard them (Esc).")
                 .arg(QLocale().toString(qint64(left.size()))),
             tr("Go to the first"));
        return;
    }
    m_at.store->loadCall(left.front().key, this,
                         [this, mine, draft = left.front()](const Result<std::optional<ReviewedCall>>& call) {
                             if (mine == m_question) {
                                 show(draft,
                                      tr("Text typed for the call with %1 was not saved when Earmark ended. It is kept "
                                         "as a draft: go there to save it (Ctrl+S) or to discard it (Esc).")
                                          .arg(nameOf(draft.key, call ? *call : std::nullopt)),
                                      tr("Go to the call"));
                             }
                         });
}

void KeptDrafts::show(const Draft& first, const QString& sentence, const QString& action) {
    m_at.messages->show(kMessage, MessageKind::Notice, sentence, action, [this, key = first.key, field = first.field] {
        m_seen.insert(key);
        if (m_at.calls->rowOf(key) < 0) {
            m_at.filter->clear();
        }
        m_at.table->goTo(key);
        Q_EMIT goingTo(key, field);
        read();
    });
}

}  // namespace earmark
