using System.Net;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.ExternalServers;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

public sealed class ExternalOutboxTests
{
    private static readonly IPAddress Local = IPAddress.Loopback;
    private static readonly IPAddress Inside = IPAddress.Parse("10.0.0.9");

    private readonly FakeTimeProvider _time = new();
    private readonly ExternalOutbox _outbox;

    public ExternalOutboxTests() =>
        _outbox = new ExternalOutbox(new LoadBalancerSettings { AllowExternalFrom = AddressRanges.TryParse("127.0.0.0/8,10.0.0.0/24")! }, _time);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:6001", true)]
    [InlineData("127.0.0.1", "10.0.0.8:6001", true)]
    [InlineData("::ffff:127.0.0.1", "10.0.0.9:6001", true)]
    [InlineData("127.0.0.1", "10.0.1.9:6001", false)]
    [InlineData("10.0.0.9", "10.0.0.9:6001", false)]
    [InlineData("10.0.1.9", "127.0.0.1:6001", false)]
    [InlineData("::1", "127.0.0.1:6001", false)]
    [InlineData("127.0.0.1", "10.0.0.9:0", false)]
    [InlineData("127.0.0.1", "0.0.0.0:6001", false)]
    public void Only_allowed_clients_on_loopback_may_add_servers_at_allowed_addresses(string peer, string server, bool allowed)
    {
        Assert.Equal(allowed, _outbox.Join(IPAddress.Parse(peer), IPEndPoint.Parse(server)));
        Assert.Equal(allowed ? 1 : 0, _outbox.Take().Count);
        Assert.Equal(allowed, _outbox.Leave(IPAddress.Parse(peer), IPEndPoint.Parse(server)));
    }

    [Fact]
    public void A_joined_server_is_reported_once_and_then_repeated_as_a_reminder_until_it_leaves()
    {
        var server = new IPEndPoint(Inside, 6001);
        _outbox.Join(Local, server);
        var joined = Assert.Single(_outbox.Take());
        Assert.Equal(("tcp-10.0.0.9-6001", "10.0.0.9", 6001, true, false), (joined.Id, joined.Address, joined.Port, joined.IsLocateOnly, joined.IsReminder));
        Assert.True(Assert.Single(_outbox.Take()).IsReminder);

        _outbox.Leave(Local, server);
        Assert.Equal(ExternalStatus.Stopped, Assert.Single(_outbox.Take()).Status);
        Assert.Empty(_outbox.Take());
    }

    [Fact]
    public void Forget_removes_a_server_unless_it_has_just_joined()
    {
        _outbox.Join(Local, new IPEndPoint(Inside, 6001));
        _outbox.Take();
        _outbox.Forget(["tcp-10.0.0.9-6001"]);
        Assert.Single(_outbox.Take());

        _time.Advance(TimeSpan.FromSeconds(10));
        _outbox.Forget(["tcp-10.0.0.9-6001", "ext-7"]);
        Assert.Empty(_outbox.Take());
    }

    [Fact]
    public void The_latest_report_of_a_server_is_kept_even_if_an_older_one_is_put_back()
    {
        _outbox.Add(Report("7", 1));
        _outbox.Add(Report("7", 2));
        var taken = _outbox.Take();
        Assert.Equal(2, Assert.Single(taken).QueueLength);

        _outbox.Add(Report("7", 3));
        _outbox.PutBack([.. taken, Report("8", 1)]);
        Assert.Equal([("ext-7", 3), ("ext-8", 1)], _outbox.Take().Select(report => (report.Id, report.QueueLength)).Order());
    }

    [Fact]
    public void A_replay_does_not_replace_a_newer_report()
    {
        _outbox.Add(Report("7", 1) with { SentAt = 100 });
        _outbox.Add(Report("7", 2) with { SentAt = 99 });
        _outbox.Add(Report("7", 3) with { SentAt = 100 });
        Assert.Equal(1, Assert.Single(_outbox.Take()).QueueLength);

        _outbox.Add(Report("7", 4) with { SentAt = 100 });
        _outbox.Add(Report("7", 5) with { SentAt = 101 });
        Assert.Equal(5, Assert.Single(_outbox.Take()).QueueLength);
    }

    [Fact]
    public void The_number_of_servers_is_limited()
    {
        for (var i = 0; i < 10_000; i++)
            _outbox.Add(Report($"{i}", 0));
        Assert.Equal(2 * ExternalServerId.Limit, _outbox.Take().Count);
    }

    private static ExternalReport Report(string identity, int queue) =>
        new() { Id = ExternalServerId.Of(identity), Address = "127.0.0.1", Port = 50_007, QueueLength = queue };
}
