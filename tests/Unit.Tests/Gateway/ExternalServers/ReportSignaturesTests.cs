using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.ExternalServers;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

public sealed class ReportSignaturesTests
{
    private const string Secret = "pass phrase ö";
    private static readonly IPAddress Peer = IPAddress.Parse("10.0.0.9");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-30T12:00:00Z"));

    [Fact]
    public void A_report_that_is_signed_lately_and_for_its_address_is_accepted() => Assert.Equal(ExternalFault.None, Check(Signed()));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Reports_from_loopback_need_no_signature(string peer)
    {
        Assert.Equal(ExternalFault.None, Check("""{"identity":"7","port":1}""", peer: peer));
        Assert.Equal(ExternalFault.None, Check("""{"identity":"7","port":1,"time":"now","address":7,"signature":"none"}""", peer: peer, secret: ""));
    }

    [Fact]
    public void Without_a_secret_no_other_machine_may_report() => Assert.Equal(ExternalFault.NoSecret, Check(Signed(), secret: ""));

    [Theory]
    [InlineData("""{"identity":"7","port":1}""")]
    [InlineData("""{"identity":"7","port":1,"signature":""}""")]
    [InlineData("""{"identity":"7","port":1,"signature":null}""")]
    [InlineData("""{"identity":"7","port":1,"signature":7}""")]
    public void A_report_without_a_signature_is_refused(string report) => Assert.Equal(ExternalFault.NotSigned, Check(report));

    [Theory]
    [InlineData("x")]
    [InlineData("00")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public void A_wrong_signature_is_refused(string signature) =>
        Assert.Equal(ExternalFault.BadSignature, Check($$"""{"identity":"7","port":1,"signature":"{{signature}}"}"""));

    [Fact]
    public void A_signature_with_another_secret_is_refused() => Assert.Equal(ExternalFault.BadSignature, Check(Signed(secret: "other")));

    [Theory]
    [InlineData("\"port\":1", "\"port\":2")]
    [InlineData("\"identity\":\"7\"", "\"identity\":\"8\"")]
    [InlineData("\"address\":\"10.0.0.9\"", "\"address\":\"10.0.0.8\"")]
    [InlineData("\"later\":[]", "\"later\":{}")]
    public void A_report_that_was_changed_is_refused(string member, string changed)
    {
        var report = Signed();
        Assert.Contains(member, report, StringComparison.Ordinal);
        Assert.Equal(ExternalFault.BadSignature, Check(report.Replace(member, changed, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_member_behind_the_signature_is_not_signed_and_refused() =>
        Assert.Equal(ExternalFault.BadSignature, Check($"{Signed()[..^1]},\"status\":\"stopped\"}}"));

    [Theory]
    [InlineData(-31_000, ExternalFault.BadTime)]
    [InlineData(-29_000, ExternalFault.None)]
    [InlineData(29_000, ExternalFault.None)]
    [InlineData(31_000, ExternalFault.BadTime)]
    public void Clocks_may_differ_by_thirty_seconds(int milliseconds, ExternalFault fault) => Assert.Equal(fault, Check(Signed(offsetMs: milliseconds)));

    [Theory]
    [InlineData("\"time\":9223372036854775807")]
    [InlineData("\"time\":-9223372036854775808")]
    [InlineData("\"time\":\"soon\"")]
    [InlineData("\"later\":1")]
    public void A_report_without_a_usable_time_is_refused(string time) =>
        Assert.Equal(ExternalFault.BadTime, Check(Sign($$"""{"identity":"7","port":1,"address":"10.0.0.9",{{time}}""")));

    [Theory]
    [InlineData("\"address\":\"10.0.0.8\"")]
    [InlineData("\"address\":\"\"")]
    [InlineData("\"address\":\"somewhere\"")]
    [InlineData("\"address\":1")]
    [InlineData("\"later\":1")]
    public void A_report_is_worth_nothing_at_another_address(string address) => Assert.Equal(
        ExternalFault.BadAddress, Check(Sign($$"""{"identity":"7","port":1,"time":{{_time.GetUtcNow().ToUnixTimeMilliseconds()}},{{address}}""")));

    [Fact]
    public void White_space_and_the_spelling_of_the_address_do_not_matter()
    {
        var time = _time.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(ExternalFault.None, Check(Sign($$""" { "identity" : "7", "port" : 1, "address": "::ffff:10.0.0.9", "time": {{time}} """) + "\n"));
        Assert.Equal(ExternalFault.None, Check(Sign($$"""{"identity":"7","port":1,"address":"2001:DB8:0::1","time":{{time}}"""), peer: "2001:db8::1"));
    }

    private ExternalFault Check(string report, string peer = "10.0.0.9", string secret = Secret)
    {
        var bytes = Encoding.UTF8.GetBytes(report);
        Assert.Equal(ExternalFault.None, ExternalReportParser.Parse(bytes, out var view));
        return new ReportSignatures(secret, _time).Check(IPAddress.Parse(peer), view);
    }

    private string Signed(int offsetMs = 0, string secret = Secret) => Sign(
        $$"""{"identity":"7","port":1,"later":[],"address":"{{Peer}}","time":{{_time.GetUtcNow().ToUnixTimeMilliseconds() + offsetMs}}""", secret);

    private static string Sign(string head, string secret = Secret)
    {
        var signed = head + ", ";
        return $"{signed}\"signature\": \"{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)))}\"}}";
    }
}
