using System.Net;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.ExternalServers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.ExternalServers;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

public sealed class ExternalIntakeTests : IDisposable
{
    private const string Secret = "do not show me";
    private static readonly IPAddress Remote = IPAddress.Parse("10.0.0.9");

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLog _log = new();
    private readonly ExternalOutbox _outbox;
    private readonly ExternalIntake _intake;

    public ExternalIntakeTests()
    {
        _outbox = new ExternalOutbox(new LoadBalancerSettings { AllowExternalFrom = AddressRanges.TryParse("127.0.0.1,10.0.0.0/24")! }, _time);
        _intake = new ExternalIntake(_outbox, new ReportSignatures(Secret, _time), _time, _log.CreateLogger("test"));
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void An_unsigned_report_from_another_machine_is_refused_with_one_warning_that_says_what_to_do()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(ExternalFault.NotSigned, _intake.Take(Remote, """{"identity":"7","port":1}"""u8));

        Assert.Empty(_outbox.Take());
        Assert.Contains("sign its reports with load_balancer.join_secret", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void The_secret_is_not_logged()
    {
        _intake.Take(Remote, """{"identity":"7","port":1}"""u8);
        _intake.Take(Remote, """{"identity":"7","port":1,"signature":"00"}"""u8);

        Assert.Equal(2, _log.Lines.Count);
        Assert.All(_log.Lines, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, new LoadBalancerSettings { JoinSecret = Secret }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_from_loopback_is_taken_without_a_signature()
    {
        Assert.Equal(ExternalFault.None, _intake.Take(IPAddress.Loopback, """{"identity":"7","port":1,"time":5}"""u8));

        Assert.Equal(("ext-7", 0), (Assert.Single(_outbox.Take()) is var report ? (report.Id, report.SentAt) : default));
    }
}
