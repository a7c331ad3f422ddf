#include "tests/support/faultmodes.h"

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace earmark::test {

namespace {

using Nature = FaultMode::Nature;

Reply detail(int status, const char* text) {
    return Reply::json("{\"detail\": \""_ba + text + "\"}", status);
}

Reply drip() {
    Reply reply = Reply::broken(Fault::Drip);
    reply.pause = 500ms;
    return reply;
}

}  // namespace

FaultModes redirectModes(const QUrl& elsewhere) {
    QUrl withUser = elsewhere;
    withUser.setUserName(u"user"_s);
    return {
        {"302 to another origin", Reply::redirect(elsewhere.toEncoded()), Nature::Lasting},
        {"303 to another origin", Reply::redirect(elsewhere.toEncoded(), 303), Nature::Lasting},
        {"307 to another origin", Reply::redirect(elsewhere.toEncoded(), 307), Nature::Lasting},
        {"308 to another origin", Reply::redirect(elsewhere.toEncoded(), 308), Nature::Lasting},
        {"302 with a user name", Reply::redirect(withUser.toEncoded()), Nature::Lasting},
        {"302 to plain http", Reply::redirect("http://downgraded.test/api/v1/campaigns"_ba), Nature::Lasting},
        {"302 to a file", Reply::redirect("file:///etc/passwd"_ba), Nature::Lasting},
        {"302 to itself", Reply::broken(Fault::RedirectLoop), Nature::Lasting},
        {"302 to junk", Reply::redirect("http://[bad"_ba), Nature::Lasting},
        {"302 to nowhere", Reply::code(302), Nature::Lasting},
    };
}

FaultModes refusalModes() {
    return {
        {"400", detail(400, "bad request"), Nature::Lasting},
        {"401", detail(401, "Invalid API key"), Nature::Lasting},
        {"403", detail(403, "missing scope"), Nature::Lasting},
        {"404", detail(404, "not found"), Nature::Lasting},
        {"409", detail(409, "changed meanwhile"), Nature::Lasting},
        {"410", detail(410, "gone"), Nature::Lasting},
        {"412", detail(412, "another version"), Nature::Lasting},
        {"422", Reply::json("{\"detail\": [{\"loc\": [\"body\", \"notes\"], \"msg\": \"too long\"}]}"_ba, 422),
         Nature::Lasting},
        {"428", detail(428, "If-Match is required"), Nature::Lasting},
    };
}

FaultModes throttleModes() {
    FaultModes modes;
    for (const char* wish : {"1", "0", "Fri, 20 Nov 2020 12:00:30 GMT", "-1", "1e9", "7.5", "soon", ""}) {
        modes.push_back({wish, Reply::tooMany(wish)});
    }
    return modes;
}

FaultModes stormModes() {
    return {
        {"500", Reply::code(500)},
        {"500 with a text", detail(500, "Internal Server Error")},
        {"502 from a proxy", Reply::html("<html><h1>502 Bad Gateway</h1></html>"_ba, 502)},
        {"503", Reply::code(503)},
        {"503 with a wish", Reply::code(503).with("Retry-After"_ba, "0"_ba)},
        {"504", Reply::code(504)},
        {"599", Reply::code(599)},
        {"408", Reply::code(408)},
    };
}

FaultModes notTheApiModes() {
    return {
        {"200 empty", Reply::json(QByteArray()), Nature::Lasting},
        {"204", Reply::code(204), Nature::Lasting},
        {"200 sign-in page", Reply::html("<!DOCTYPE html><html><form action=/login></form></html>"_ba),
         Nature::Lasting},
        {"200 page called JSON", Reply::json("<html><body>Welcome to HotelNet</body></html>"_ba), Nature::Lasting},
        {"200 plain text", Reply::bytes("OK"_ba, "text/plain"_ba), Nature::Lasting},
        {"200 image", Reply::bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"_ba, "image/png"_ba), Nature::Lasting},
        {"200 of another form", Reply::json("{\"rows\": []}"_ba), Nature::Lasting},
        {"200 cut JSON", Reply::json("{\"items\": [{\"id\": \"x\""_ba)},
        {"200 null", Reply::json("null"_ba), Nature::Lasting},
        {"200 not UTF-8", Reply::json("{\"items\": [{\"id\": \"\xff\xfe\"}], \"total\": 1}"_ba)},
    };
}

FaultModes cutModes() {
    const QByteArray body = "{\"items\": [], \"total\": 0, \"page\": 1, \"page_size\": 200}"_ba;
    return {
        {"closed before the answer", Reply::broken(Fault::CloseBeforeAnswer)},
        {"reset before the answer", Reply::broken(Fault::ResetBeforeAnswer)},
        {"reset within the body", Reply::broken(Fault::ResetWithinBody, body)},
        {"short Content-Length", Reply::broken(Fault::ShortContentLength, body)},
        {"cut chunks", Reply::broken(Fault::CutChunked, body)},
        {"cut without a length", Reply::broken(Fault::CloseDelimitedCut, body)},
    };
}

FaultModes endlessModes() {
    return {
        {"hangs", Reply::broken(Fault::Hang), Nature::Lasting, false},
        {"hangs within the body", Reply::broken(Fault::HangWithinBody), Nature::Lasting, false},
        {"drips", drip(), Nature::Lasting, false},
        {"endless header", Reply::broken(Fault::HugeHeader), Nature::Lasting, false},
        {"endless body", Reply::broken(Fault::EndlessBody), Nature::Lasting, true},
        {"gzip bomb", Reply::broken(Fault::GzipBomb), Nature::Lasting, true},
    };
}

FaultModes allModes(const QUrl& elsewhere) {
    FaultModes all = redirectModes(elsewhere);
    for (const FaultModes& some :
         {refusalModes(), throttleModes(), stormModes(), notTheApiModes(), cutModes(), endlessModes()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

LoopbackServer::Handler answerLost(LoopbackServer::Handler handler, Fault how) {
    return [handler = std::move(handler), how](const Request& request) {
        Reply reply = handler(request);
        reply.fault = how;
        return reply;
    };
}

LoopbackServer::Handler failingAt(int n, const Reply& fault, LoopbackServer::Handler handler) {
    return [n, fault, handler = std::move(handler), seen = std::make_shared<std::atomic<int>>(0)](
               const Request& request) { return ++*seen == n ? fault : handler(request); };
}

}  // namespace earmark::test
