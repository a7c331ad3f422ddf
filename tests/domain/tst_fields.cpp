// The table of fields: names and order are the JSON contract, values are what counts here.
#include <QTest>
#include <array>

#include "models/domain/fields.h"

using namespace earmark;

namespace {

/// The contract's line-up, written by hand.
const char* const kJsonNames =
    "key account provider id status status_raw direction type_raw source campaign_id campaign lead_id lead agent_id "
    "agent "
    "customer_number own_number created_time dial_time ring_time answer_time agent_connect_time end_time updated_time "
    "ring_seconds talk_seconds total_seconds hangup_cause end_reason end_reason_raw answered_by disposition notes "
    "provider_disposition provider_notes summary sentiment next_action has_recording has_transcript cost cost_unit "
    "carrier_cost tags edited edit_state reviewed_at flagged unlisted_since";

ReviewedCall fullCall() {
    ReviewedCall reviewed;
    Call& call = reviewed.call;
    call.key = {QStringLiteral("main"), QStringLiteral("a/1")};
    for (auto* text : {&call.statusRaw,    &call.typeRaw,  &call.source,      &call.campaignId,   &call.campaignName,
                       &call.leadId,       &call.leadName, &call.agentId,     &call.agentName,    &call.customerNumber,
                       &call.ownNumber,    &call.switchId, &call.hangupCause, &call.endReasonRaw, &call.answeredBy,
                       &call.disposition,  &call.notes,    &call.summary,     &call.sentiment,    &call.nextAction,
                       &call.recordingUrl, &call.costUnit}) {
        *text = QStringLiteral("x");
    }
    qint64 ms = 1000;
    for (auto* time : {&call.createdTime, &call.dialTime, &call.ringTime, &call.answerTime, &call.agentConnectTime,
                       &call.endTime, &call.updatedTime}) {
        *time = momentFromMs(ms++);
    }
    for (auto* number :
         {&call.ringSeconds, &call.talkSeconds, &call.totalSeconds, &call.cost, &call.carrierCost, &call.latencyMs}) {
        *number = 0.0;
    }
    call.hasRecording = false;
    call.hasTranscript = true;
    reviewed.review.reviewedAt = momentFromMs(5);
    reviewed.review.flag = QString();
    reviewed.review.notes = LocalEdit{};
    reviewed.unlistedSince = momentFromMs(6);
    return reviewed;
}

QString kindOf(const FieldValue& value) {
    return QString::fromLatin1(std::array{"null", "text", "number", "bool", "time", "list"}[value.index()]);
}

QString expectedKind(FieldKind kind) {
    switch (kind) {
        case FieldKind::Text:
        case FieldKind::Code:
        case FieldKind::Word:
            return QStringLiteral("text");
        case FieldKind::Time:
            return QStringLiteral("time");
        case FieldKind::Duration:
        case FieldKind::Number:
            return QStringLiteral("number");
        case FieldKind::Bool:
        case FieldKind::TriState:
            return QStringLiteral("bool");
        case FieldKind::List:
            return QStringLiteral("list");
    }
    return {};
}

QString textAt(const ReviewedCall& call, Field field) {
    const FieldValue found = value(call, field);
    return std::holds_alternative<QString>(found) ? std::get<QString>(found) : u'<' + kindOf(found) + u'>';
}

}  // namespace

class TestFields : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void namesAndOrderAreTheContract() {
        QStringList names;
        for (const FieldInfo& field : allFields()) {
            if (field.inListJson) {
                names += QString::fromLatin1(field.jsonName);
            }
        }
        QCOMPARE(names.join(u' '), QString::fromLatin1(kJsonNames));
        QCOMPARE(allFields().size(), static_cast<std::size_t>(Field::Count));
    }

    void tableIsConsistent() {
        for (const FieldInfo& field : allFields()) {
            QCOMPARE(info(field.field).jsonName, field.jsonName);
            QVERIFY(fieldFromJsonName(QString::fromLatin1(field.jsonName)) == field.field);
            QVERIFY(!fieldLabel(field.field).isEmpty());
        }
        QVERIFY(!fieldFromJsonName(QStringLiteral("Talk")));
        QVERIFY(!fieldFromJsonName(QString()));
    }

    void everyFieldIsReadAsItsKind() {
        ReviewedCall call = fullCall();
        for (const FieldInfo& field : allFields()) {
            const QString expected = field.field == Field::Notes ? QStringLiteral("null") : expectedKind(field.kind);
            QVERIFY2(kindOf(value(call, field.field)) == expected, field.jsonName);
        }
    }

    void emptyCallIsNullAndNotZero() {
        const ReviewedCall call;
        for (const FieldInfo& field : allFields()) {
            switch (field.field) {
                case Field::Key:
                case Field::Account:
                case Field::Provider:
                case Field::Id:
                case Field::Status:
                case Field::Direction:
                case Field::EndReason:
                case Field::Tags:
                case Field::Edited:
                    break;  // these always have a value
                default:
                    QVERIFY2(kindOf(value(call, field.field)) == u"null", field.jsonName);
            }
        }
        QCOMPARE(textAt(call, Field::Status), QStringLiteral("unknown"));
        QCOMPARE(std::get<bool>(value(call, Field::Edited)), false);
        QCOMPARE(std::get<QStringList>(value(call, Field::Tags)), QStringList());
    }

    void zeroAndEmptyTextAreValues() {
        const ReviewedCall call = fullCall();
        QCOMPARE(std::get<double>(value(call, Field::TalkSeconds)), 0.0);
        QCOMPARE(textAt(call, Field::Flagged), QString());
        QCOMPARE(textAt(call, Field::Key), QStringLiteral("main/a%2F1"));
    }

    void editsCountBeforeTheProvider() {
        ReviewedCall call = fullCall();
        call.review = {};
        call.call.disposition = QStringLiteral("BUSY");
        QCOMPARE(textAt(call, Field::Disposition), QStringLiteral("BUSY"));
        QVERIFY(provenance(call, Field::Disposition) == Provenance::Provider);
        QCOMPARE(textAt(call, Field::EditState), QStringLiteral("<null>"));

        call.review.disposition =
            LocalEdit{1, QStringLiteral("BUSY"), QStringLiteral("CALLBACK"), EditState::Waiting, {}, {}};
        QCOMPARE(textAt(call, Field::Disposition), QStringLiteral("CALLBACK"));
        QCOMPARE(textAt(call, Field::ProviderDisposition), QStringLiteral("BUSY"));
        QVERIFY(provenance(call, Field::Disposition) == Provenance::Edited);
        QVERIFY(provenance(call, Field::ProviderDisposition) == Provenance::Provider);
        QVERIFY(provenance(call, Field::Notes) == Provenance::Provider);
        QCOMPARE(std::get<bool>(value(call, Field::Edited)), true);
        QCOMPARE(textAt(call, Field::EditState), QStringLiteral("waiting"));

        call.review.disposition->value = std::nullopt;  // cleared, not restored
        QCOMPARE(textAt(call, Field::Disposition), QStringLiteral("<null>"));
        QCOMPARE(std::get<bool>(value(call, Field::Edited)), true);
    }

    void editStateIsTheMostUrgent_data() {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<int>("shown");
        const auto row = [](const char* name, EditState a, EditState b, EditState shown) {
            QTest::newRow(name) << static_cast<int>(a) << static_cast<int>(b) << static_cast<int>(shown);
        };
        row("conflict over all", EditState::Conflict, EditState::Refused, EditState::Conflict);
        row("refused over waiting", EditState::Waiting, EditState::Refused, EditState::Refused);
        row("waiting over sending", EditState::Waiting, EditState::Sending, EditState::Waiting);
        row("sending over kept", EditState::Kept, EditState::Sending, EditState::Sending);
        row("kept over sent", EditState::Kept, EditState::Sent, EditState::Kept);
        row("sent alone", EditState::Sent, EditState::Sent, EditState::Sent);
    }
    void editStateIsTheMostUrgent() {
        QFETCH(int, first);
        QFETCH(int, second);
        QFETCH(int, shown);
        for (const bool swapped : {false, true}) {
            Review review;
            review.disposition = LocalEdit{};
            review.notes = LocalEdit{};
            review.disposition->state = static_cast<EditState>(swapped ? second : first);
            review.notes->state = static_cast<EditState>(swapped ? first : second);
            QVERIFY(editState(review) == static_cast<EditState>(shown));
        }
        QVERIFY(!editState(Review{}));
    }

    void reviewMarksAreNoEdits() {
        Review review;
        review.reviewedAt = momentFromMs(1);
        review.flag = QStringLiteral("check");
        QVERIFY(!isEdited(review));
        QVERIFY(!editState(review));
    }

    void providerChangedSinceTheEdit() {
        const auto edit = [](std::optional<QString> base) {
            return std::optional(LocalEdit{1, std::move(base), QStringLiteral("mine"), {}, {}, {}});
        };
        QVERIFY(!providerChangedSince(std::nullopt, QStringLiteral("x")));
        QVERIFY(!providerChangedSince(edit(QStringLiteral("x")), QStringLiteral("x")));
        QVERIFY(!providerChangedSince(edit(std::nullopt), std::nullopt));
        QVERIFY(providerChangedSince(edit(QStringLiteral("x")), QStringLiteral("y")));
        QVERIFY(providerChangedSince(edit(QString()), std::nullopt));  // "" and null are two things
        QVERIFY(!providerChangedSince(edit(QStringLiteral("x")), QStringLiteral("mine")));  // it says the same by now
    }

    void offersFollowTheDocuments() {
        const auto offeredBy = [](Field field) {
            QString letters;
            for (const auto provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
                letters += offers(provider, field) ? word(provider).front() : QChar(u'-');
            }
            return letters;
        };
        QCOMPARE(offeredBy(Field::Id), QStringLiteral("yava"));
        QCOMPARE(offeredBy(Field::CustomerNumber), QStringLiteral("-ava"));
        QCOMPARE(offeredBy(Field::OwnNumber), QStringLiteral("-a-a"));
        QCOMPARE(offeredBy(Field::RingTime), QStringLiteral("y---"));
        QCOMPARE(offeredBy(Field::EndTime), QStringLiteral("y-v-"));
        QCOMPARE(offeredBy(Field::TalkSeconds), QStringLiteral("yava"));
        QCOMPARE(offeredBy(Field::TotalSeconds), QStringLiteral("y---"));
        QCOMPARE(offeredBy(Field::LeadId), QStringLiteral("y-v-"));
        QCOMPARE(offeredBy(Field::Lead), QStringLiteral("----"));
        QCOMPARE(offeredBy(Field::ProviderNotes), QStringLiteral("y---"));
        QCOMPARE(offeredBy(Field::HasTranscript), QStringLiteral("-ava"));
        QCOMPARE(offeredBy(Field::Source), QStringLiteral("--v-"));
        QCOMPARE(offeredBy(Field::Tags), QStringLiteral("--v-"));
        QCOMPARE(offeredBy(Field::AnsweredBy), QStringLiteral("---a"));
        QCOMPARE(offeredBy(Field::SwitchId), QStringLiteral("y---"));
        QCOMPARE(offeredBy(Field::LatencyMs), QStringLiteral("-a--"));
        for (const Field local : {Field::Key, Field::Status, Field::Disposition, Field::Notes, Field::Edited,
                                  Field::EditState, Field::ReviewedAt, Field::Flagged, Field::UnlistedSince}) {
            QCOMPARE(offeredBy(local), QStringLiteral("yava"));
        }
    }

    void provenanceOfUntouchedCalls() {
        ReviewedCall call;
        call.call.provider = Provider::Atoms;
        QVERIFY(provenance(call, Field::Summary) == Provenance::Provider);
        QVERIFY(provenance(call, Field::RingTime) == Provenance::NotOffered);
        QVERIFY(provenance(call, Field::Disposition) == Provenance::NotOffered);
        QVERIFY(provenance(call, Field::Status) == Provenance::Computed);
        QVERIFY(provenance(call, Field::Edited) == Provenance::Computed);
        call.review.reviewedAt = momentFromMs(1);
        QVERIFY(provenance(call, Field::ReviewedAt) == Provenance::Edited);
        QCOMPARE(word(Provenance::NotOffered), QStringLiteral("not_offered"));
        QCOMPARE(word(Provenance::Provider), QStringLiteral("provider"));
        QCOMPARE(word(Provenance::Computed), QStringLiteral("computed"));
        QCOMPARE(word(Provenance::Edited), QStringLiteral("edited"));
    }
};

QTEST_GUILESS_MAIN(TestFields)
#include "tst_fields.moc"
