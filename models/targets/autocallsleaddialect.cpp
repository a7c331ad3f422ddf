#include "models/targets/autocallsleaddialect.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include "models/domain/textfold.h"
#include "models/targets/autocallsleads.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/targetanswers.h"

using namespace Qt::StringLiterals;

namespace earmark {

using autocallsleads::Campaign;
using autocallsleads::Lead;

namespace {

const QString kDisposition = u"review_disposition"_s;
const QString kNotes = u"review_notes"_s;
const QString kCallId = u"review_call_id"_s;
const QString kReviewedAt = u"reviewed_at"_s;
constexpr int kMostPages = 50;  ///< of one number or of all campaigns: more cannot be meant

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

HttpStep ask(const QUrl& url) {
    HttpStep step;
    step.url = url;
    step.headers = {{"Accept"_ba, "application/json"_ba}};  // without it the platform answers with a page to sign in
    step.withAccountKey = true;
    return step;
}

PushVerdict cannotTell(const QString& reason) {
    return target::refused(ErrorKind::InvalidInput, reason,
                           Text::tr("The edit stays on this computer; it can be sent somewhere else."));
}

/// What a non-2xx answer means; `writes`: to the request that may change something.
PushVerdict notTaken(const StepAnswer& answer, bool writes) {
    if (answer.error || answer.status < 200) {
        return target::unanswered(answer, writes);
    }
    const Error error = target::errorOf(answer, providerName(Provider::Autocalls), target::wordsOf(answer.body));
    if (answer.status >= 500) {
        return writes ? target::unclear(error) : target::waiting(error);
    }
    // A wrong key says nothing about the edit: it waits for the right one.
    const bool isTheKey = answer.status == 401 || answer.status == 403;
    return isTheKey || target::saysLater(answer.status) ? target::waiting(error) : target::refused(error);
}

bool isGood(const StepAnswer& answer) {
    return !answer.error && answer.status >= 200 && answer.status < 300;
}

/// campaign -> pages of leads -> write -> pages of leads again. Each state is the method that takes the next answer.
class LeadSteps final : public PushSteps {
 public:
    LeadSteps(const Account& account, const OutgoingReview& review, const QByteArray& frozen)
        : m_account(account),
          m_review(review),
          m_ours(QJsonDocument::fromJson(frozen).object()[u"variables"_s].toObject()),
          m_number(autocallsleads::comparableNumber(review.customerNumber.value_or(QString()))) {}

    PushStep first() override {
        if (m_number.isEmpty()) {
            return cannotTell(Text::tr("The call has no telephone number of a customer, so it has no lead."));
        }
        if (m_review.campaignId && !m_review.campaignId->isEmpty()) {
            m_campaign = *m_review.campaignId;
            return askLeads();
        }
        if (!m_review.campaignName || m_review.campaignName->trimmed().isEmpty()) {
            return cannotTell(Text::tr("The call belongs to no campaign, so it has no lead."));
        }
        return ask(autocallsleads::campaignsUrl(m_account, m_page));
    }

    PushStep next(const StepAnswer& answer) override { return (this->*m_take)(answer); }

 private:
    PushStep takeCampaigns(const StepAnswer& answer) {
        if (!isGood(answer)) {
            return notTaken(answer, false);
        }
        const auto page = autocallsleads::campaignsIn(answer.body);
        if (!page) {
            return target::waiting(page.error());
        }
        for (const Campaign& one : page->rows) {
            if (one.name == *m_review.campaignName && !m_campaigns.contains(one.id)) {
                m_campaigns += one.id;
            }
        }
        if (page->hasMore && m_page < kMostPages) {
            return ask(autocallsleads::campaignsUrl(m_account, ++m_page));
        }
        // The call names its campaign and no more; two of that name cannot be told apart.
        if (page->hasMore || m_campaigns.size() != 1 || m_campaigns.first().isEmpty()) {
            return cannotTell((m_campaigns.isEmpty() ? Text::tr("Autocalls has no campaign %1 any more.")
                                                     : Text::tr("Autocalls has several campaigns named %1."))
                                  .arg(isolated(*m_review.campaignName)));
        }
        m_campaign = m_campaigns.first();
        return askLeads();
    }

    PushStep askLeads() {
        m_page = 1;
        m_found.clear();
        m_take = &LeadSteps::takeLeads;
        return ask(autocallsleads::leadsUrl(m_account, m_campaign, m_number, m_page));
    }

    PushStep takeLeads(const StepAnswer& answer) {
        if (!isGood(answer)) {
            return unread(notTaken(answer, false));
        }
        const auto page = autocallsleads::leadsIn(answer.body);
        if (!page) {
            return unread(target::waiting(page.error()));
        }
        for (const Lead& lead : page->rows) {
            if (autocallsleads::comparableNumber(lead.number) != m_number) {
                continue;
            }
            if (!lead.campaignId) {
                return unread(
                    cannotTell(Text::tr("Autocalls does not say which campaign a lead of this number is in.")));
            }
            // A lead that moved from one page to the next is the same lead.
            const bool isKnown =
                std::any_of(m_found.begin(), m_found.end(), [&lead](const Lead& known) { return known.id == lead.id; });
            if (*lead.campaignId == m_campaign && !isKnown) {
                m_found.push_back(lead);
            }
        }
        if (page->hasMore && m_page < kMostPages) {
            return ask(autocallsleads::leadsUrl(m_account, m_campaign, m_number, ++m_page));
        }
        if (page->hasMore) {
            return unread(cannotTell(Text::tr("Autocalls has too many leads with a number like that of the call.")));
        }
        return m_isWritten ? compare() : write();
    }

    PushStep write() {
        if (m_found.size() != 1) {
            return cannotTell(
                m_found.empty()
                    ? Text::tr("No lead of the campaign has exactly the number of the call.")
                    : Text::tr("%1 leads of the campaign have exactly the number of the call.").arg(m_found.size()));
        }
        const Lead& lead = m_found.front();
        m_lead = lead.id;
        if (holdsOurs(lead)) {
            return target::accepted(place());
        }
        // What another call left is no part of this review; variables are merged, so it must be emptied by name.
        if (lead.variable(kCallId) != m_ours[kCallId].toString()) {
            for (const QString& name : {kDisposition, kNotes}) {
                if (!m_ours.contains(name) && !lead.variable(name).isEmpty()) {
                    m_ours[name] = QString();
                }
            }
        }
        m_take = &LeadSteps::takeWritten;
        HttpStep step = ask(autocallsleads::leadUrl(m_account, m_lead));
        step.method = HttpStep::Method::Put;
        step.body = QJsonDocument(QJsonObject{{u"variables"_s, m_ours}}).toJson(QJsonDocument::Compact);
        step.headers += {"Content-Type"_ba, "application/json"_ba};
        step.writes = true;
        return step;
    }

    PushStep takeWritten(const StepAnswer& answer) {
        if (!isGood(answer)) {
            return notTaken(answer, true);
        }
        m_isWritten = true;
        return askLeads();
    }

    PushStep compare() {
        const auto lead =
            std::find_if(m_found.begin(), m_found.end(), [this](const Lead& one) { return one.id == m_lead; });
        if (lead == m_found.end()) {
            return target::unclear(
                makeError(ErrorKind::BadAnswer, Text::tr("The lead was written but is not listed any more.")));
        }
        if (holdsOurs(*lead)) {
            return target::accepted(place());
        }
        Error error = makeError(ErrorKind::Conflict, Text::tr("The lead holds something else than was written to it."));
        PushVerdict verdict = target::refused(error);
        verdict.end = PushEnd::Conflict;
        for (const FieldChange& change : m_review.delivery.changes) {
            const QString& name = change.field == ReviewField::Notes ? kNotes : kDisposition;
            if (m_ours.contains(name)) {
                const QString value = lead->variable(name);
                verdict.theirs.push_back({change.field, value.isEmpty() ? std::nullopt : std::optional(value)});
            }
        }
        return verdict;
    }

    /// The time is not compared: a platform may write it in another way.
    [[nodiscard]] bool holdsOurs(const Lead& lead) const {
        for (const QString& name : {kCallId, kDisposition, kNotes}) {
            if (m_ours.contains(name) && lead.variable(name) != m_ours[name].toString()) {
                return false;
            }
        }
        return true;
    }

    /// After the write a failed reading leaves open what the lead holds; the next attempt reads before it writes.
    [[nodiscard]] PushVerdict unread(PushVerdict verdict) const {
        if (m_isWritten) {
            verdict.end = PushEnd::Unclear;
        }
        return verdict;
    }

    [[nodiscard]] QString place() const { return Text::tr("lead %1").arg(m_lead); }

    const Account m_account;
    const OutgoingReview m_review;
    QJsonObject m_ours;
    const QString m_number;
    QString m_campaign;
    QStringList m_campaigns;  ///< ids of those that are named as the call's
    std::vector<Lead> m_found;
    QString m_lead;
    int m_page = 1;
    bool m_isWritten = false;
    PushStep (LeadSteps::*m_take)(const StepAnswer&) = &LeadSteps::takeCampaigns;
};

class LeadTest final : public PushSteps {
 public:
    explicit LeadTest(const Account& account) : m_account(account) {}

    PushStep first() override { return ask(autocallsleads::anyLeadUrl(m_account)); }
    PushStep next(const StepAnswer& answer) override {
        if (!isGood(answer)) {
            return notTaken(answer, false);
        }
        const auto page = autocallsleads::leadsIn(answer.body);
        return page ? target::accepted(Text::tr("The leads can be read; the first edit will show whether they can be "
                                                "written."))
                    : target::waiting(page.error());
    }

 private:
    Account m_account;
};

}  // namespace

TargetCapabilities AutocallsLeadDialect::capabilities(const Account& account) const {
    TargetCapabilities can;
    can.notes = account.target.withNotes;
    can.needsAccountKey = true;
    return can;
}

/// Never a status (it could make the platform dial again), never campaign or number.
Result<QByteArray> AutocallsLeadDialect::compose(const Account& account, const OutgoingReview& review) const {
    QByteArrayList variables;
    for (const FieldChange& change : review.delivery.changes) {
        // Cleared is "": variables are merged, so one that is left out, and perhaps null too, would keep its old value.
        const QByteArray value = jsonString(change.to.value_or(QString()));
        if (change.field == ReviewField::Disposition) {
            variables += jsonString(kDisposition) + ':' + value;
        } else if (change.field == ReviewField::Notes && account.target.withNotes) {
            variables += jsonString(kNotes) + ':' + value;
        }
    }
    if (variables.isEmpty()) {
        Error error = makeError(ErrorKind::NotSupported, Text::tr("Nothing of this edit may be put into a lead."));
        error.next = Text::tr("Tick notes for this target, or keep the edit on this computer.");
        return failure(error);
    }
    variables += jsonString(kCallId) + ':' + jsonString(review.delivery.key.remoteId);
    variables += jsonString(kReviewedAt) + ':' + jsonString(toIsoText(review.delivery.editedAt));
    return "{\"variables\":{" + variables.join(',') + "}}";
}

std::unique_ptr<PushSteps> AutocallsLeadDialect::push(const Account& account, const OutgoingReview& review,
                                                      const QByteArray& frozen, const QByteArray&, bool, Moment) const {
    return std::make_unique<LeadSteps>(account, review, frozen);
}

std::unique_ptr<PushSteps> AutocallsLeadDialect::test(const Account& account, const QByteArray&, Moment) const {
    return std::make_unique<LeadTest>(account);
}

}  // namespace earmark
