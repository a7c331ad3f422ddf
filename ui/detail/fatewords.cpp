#include "ui/detail/fatewords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/domain/textfold.h"
#include "models/sync/accountbook.h"
#include "models/sync/pusher.h"
#include "ui/detail/callwords.h"
#include "ui/detail/reviewblock.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(FateWords)
};

QString keptSentence(ReviewField field, const Account& account, const QString& place) {
    if (account.target.kind == TargetKind::None) {
        return Text::tr("%1 does not accept edits; what you write stays on this computer.")
            .arg(providerName(account.provider));
    }
    return takes(account.target, field) ? Text::tr("Kept on this computer; it is not sent to %1.").arg(place)
                                        : Text::tr("Kept on this computer; %1 does not take it.").arg(place);
}

QString waitingSentence(const QString& place, const PushState& push) {
    switch (push.what) {
        case PushState::What::Paused:
            return Text::tr("Waits for %1; sending is paused. %2").arg(place, push.reason);
        case PushState::What::Waiting:
        case PushState::What::Offline:
            if (push.until) {
                const QTime at = QDateTime::fromMSecsSinceEpoch(toMs(*push.until)).time();
                return Text::tr("Waits for %1; next try at %2.")
                    .arg(place, QLocale().toString(at, QLocale::ShortFormat));
            }
            break;
        case PushState::What::Idle:
        case PushState::What::Sending:
        case PushState::What::Resting:
            break;
    }
    return Text::tr("Waits for %1.").arg(place);
}

QString placeOf(const TargetSettings& target) {
    return target.kind == TargetKind::AutocallsLead ? targetName(target.kind)
                                                    : isolated(shownText(destinationText(target), 80));
}

}  // namespace

QString fateForeword(Provider provider, const Account* account) {
    if (account == nullptr || account->target.kind == TargetKind::None) {
        return Text::tr("%1 does not accept edits; what you enter is kept on this computer and can be exported.")
            .arg(providerName(provider));
    }
    const QString place = placeOf(account->target);
    if (!takes(account->target, ReviewField::Notes)) {
        return Text::tr("What you enter is kept on this computer; %1 takes the disposition.").arg(place);
    }
    return account->target.sendsByItself
               ? Text::tr("What you enter is kept on this computer and sent to %1.").arg(place)
               : Text::tr("What you enter is kept on this computer and sent to %1 when you ask (F5).").arg(place);
}

QString fateSentence(ReviewField field, EditState state, const Account* account, const PushState& push) {
    if (account == nullptr) {
        return editFateText(state) + u'.';
    }
    const QString place = placeOf(account->target);
    switch (state) {
        case EditState::Kept:
            return keptSentence(field, *account, place);
        case EditState::Waiting:
            return waitingSentence(place, push);
        case EditState::Sending:
            return Text::tr("Being sent to %1.").arg(place);
        case EditState::Sent:
            return Text::tr("Sent to %1.").arg(place);
        case EditState::Refused:
            return Text::tr("Refused by %1; the outbox says why (Ctrl+Shift+O).").arg(place);
        case EditState::Conflict:
            break;
    }
    return editFateText(state) + u'.';
}

void tellFatesIn(ReviewBlock* block, const DeskServices& services, const std::function<QString()>& account) {
    if (services.accounts == nullptr) {
        return;
    }
    block->setFateTeller([services, account](ReviewField field, EditState state) {
        const QString name = account();
        const PushState push = services.pusher == nullptr ? PushState{} : services.pusher->state(name);
        return fateSentence(field, state, services.accounts->find(name), push);
    });
    QObject::connect(services.accounts, &AccountBook::changed, block, &ReviewBlock::tellFates);
    if (services.pusher != nullptr) {
        QObject::connect(services.pusher, &Pusher::changed, block, &ReviewBlock::tellFates);
    }
}

}  // namespace earmark
